import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright'
import { checkChromium, launchOptions } from '../../test/chromium/launch.ts'
import { nodePackages } from '../engines/packages-node.ts'
import { type Options, readJson } from '../options.ts'
import { needsEngines } from '../parts.ts'
import { progress } from '../progress.ts'
import type { Results } from '../results.ts'
import { processor, samepadVersion } from '../run.ts'
import type { Question } from './page.ts'
import { serve } from './serve.ts'

const packages = ['@tensorflow/tfjs-backend-wasm', 'onnxruntime-web', '@litertjs/core', '@tensorflow/tfjs-tflite']

/** Measures in a page of Chromium. */
export async function measureInChromium(options: Options): Promise<Results> {
  checkChromium()
  const server = await serve()
  const browser = await chromium.launch(launchOptions)
  try {
    const page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'info') progress(message.text())
    })
    page.setDefaultTimeout(0)
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await page.addScriptTag({ type: 'module', url: '/page.js' })
    const versions = needsEngines(options.parts) ? packages.map((name) => [name, nodePackages.version(name)]) : []
    const question: Question = {
      ...{ content: readJson(options.layers), only: options.only, parts: options.parts, peers: options.peers },
      ...{ quick: options.quick, version: samepadVersion(), packageVersions: Object.fromEntries(versions) },
      machine: { ...processor(), host: `Chromium ${browser.version()}` },
    }
    return (await page.evaluate(`measure(${JSON.stringify(question)})`)) as Results
  } finally {
    await browser.close()
    server.close()
  }
}
