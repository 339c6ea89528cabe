import ts from 'typescript'
import { frameworks } from '../src/conventions/rows/frameworks.ts'

/** A line of a file at which something stands. */
const placeOf = (source: ts.SourceFile, node: ts.Node): string =>
  `${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${node.getText(source)}`

const isCode = (node: ts.Node): boolean => ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node)

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile('file.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
}

/** A framework's key, or the id of a row of it. */
function isFrameworkText(text: string): boolean {
  return Object.hasOwn(frameworks, text.split('.')[0]) && /^[a-z0-9.-]+$/.test(text)
}

/** Names of a file's constants that hold nothing but a framework's key or a row's id. */
function frameworkNames(source: ts.SourceFile): Set<string> {
  const declared = source.statements
    .filter(ts.isVariableStatement)
    .flatMap((one) => [...one.declarationList.declarations])
  const held = declared.filter(
    ({ initializer: value }) => value && ts.isStringLiteral(value) && isFrameworkText(value.text),
  )
  return new Set(held.map(({ name }) => name.getText(source)))
}

const comparisons = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]

/**
 * Places at which code itself names a framework or a row, rather than a table of the file: in a function, or in a
 * comparison, also by way of a constant.
 */
export function namedFrameworks(text: string): string[] {
  const source = parsed(text)
  const names = frameworkNames(source)
  const found: string[] = []
  const isNamed = (node: ts.Node): boolean =>
    (ts.isStringLiteralLike(node) && isFrameworkText(node.text)) || (ts.isIdentifier(node) && names.has(node.text))
  const visit = (node: ts.Node, inCode: boolean): void => {
    const isType = ts.isLiteralTypeNode(node.parent ?? node)
    if (inCode && !isType && ts.isStringLiteralLike(node) && isFrameworkText(node.text))
      found.push(placeOf(source, node))
    if (ts.isBinaryExpression(node) && comparisons.includes(node.operatorToken.kind)) {
      if ([node.left, node.right].some((side) => isNamed(side) && !(inCode && ts.isStringLiteralLike(side)))) {
        found.push(placeOf(source, node))
      }
    }
    if (ts.isCaseClause(node) && ts.isIdentifier(node.expression) && isNamed(node.expression)) {
      found.push(placeOf(source, node.expression))
    }
    ts.forEachChild(node, (child) => visit(child, inCode || isCode(node)))
  }
  visit(source, false)
  return found
}

/** Cells of padding, by their name, and what they are worked out from. */
const padding = /^(pad|pads|total|totals|padBegin|padEnd|padTotal|padding)$/i
const kernel = /^(kernel|effectiveKernel|taps)$/i

/**
 * Places at which padding is shared out: half of something named so, other than of the length of a list; or half of a
 * kernel in whole cells. The middle of a kernel is no padding.
 */
export function halvedPadding(text: string): string[] {
  const source = parsed(text)
  const found: string[] = []
  const mentions = (node: ts.Node, name: RegExp): boolean => {
    if (isCode(node)) return false
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'length') return false
    return (
      (ts.isIdentifier(node) && name.test(node.text)) || (ts.forEachChild(node, (one) => mentions(one, name)) ?? false)
    )
  }
  const isRounded = ({ parent, operatorToken: { kind } }: ts.BinaryExpression): boolean =>
    kind === ts.SyntaxKind.GreaterThanGreaterThanToken ||
    (ts.isCallExpression(parent) && /^Math\.(floor|ceil|trunc|round)$/.test(parent.expression.getText(source)))
  const isHalf = ({ operatorToken: { kind }, right }: ts.BinaryExpression): boolean => {
    const by = right.getText(source)
    if (kind === ts.SyntaxKind.GreaterThanGreaterThanToken) return by === '1'
    return (
      (kind === ts.SyntaxKind.SlashToken && by === '2') || (kind === ts.SyntaxKind.AsteriskToken && /^0?\.5$/.test(by))
    )
  }
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isHalf(node)) {
      if (mentions(node.left, padding) || (isRounded(node) && mentions(node.left, kernel)))
        found.push(placeOf(source, node))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
