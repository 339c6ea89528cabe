import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditList } from './audit-list.ts'

// Writes test/goldens/audits.md anew; read what changed before it is committed.
writeFileSync(join(import.meta.dirname, '../goldens/audits.md'), await auditList())
