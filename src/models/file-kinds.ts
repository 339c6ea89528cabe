/** A kind of file that is told by its first bytes. */
export interface FileKind {
  /** What it is, as a sentence would name it. */
  readonly is: string
  /** What its first bytes match, one character for each byte (Latin-1). */
  readonly begins: RegExp
  /** What to do to get a model from it. */
  readonly advice?: string
}

/** First bytes that are looked at; every signature lies within them. */
export const HEAD = 1024

const unpack = 'unpack it first'

/**
 * Kinds of files that are taken for models, or stand in the place of one. The first row that matches counts, so special
 * kinds stand before general ones.
 */
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: signatures are made of them
export const fileKinds: readonly FileKind[] = [
  { is: 'an empty file', begins: /^$/ },
  {
    is: 'a Git LFS pointer',
    begins: /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//,
    advice: 'git lfs pull fetches the file that it stands for',
  },
  { is: 'an ONNX Runtime model (ORT)', begins: /^.{4}ORTM/s, advice: 'use the ONNX file that it was made from' },
  { is: 'a safetensors file, which holds weights and no network', begins: /^.{5}\0{3}\s*\{/s },
  { is: 'a GGUF file, which holds weights and no network', begins: /^GGUF/ },
  {
    is: 'a PyTorch file of weights, a state dict, which holds no network',
    begins: /^PK\x03\x04.{26}[^/\0]+\/(\.?data[./]|byteorder|version|code\/|archive_format)/s,
  },
  {
    is: 'a Keras 3 zip file without its configuration',
    begins: /^PK\x03\x04.{26}(metadata\.json|config\.json|model\.weights\.h5)/s,
  },
  { is: 'a NumPy zip file (.npz)', begins: /^PK\x03\x04.{26}[^\0]{1,200}\.npy/s },
  { is: 'a zip file', begins: /^PK(\x03\x04|\x05\x06)/, advice: unpack },
  { is: 'a text in UTF-16', begins: /^(\xff\xfe|\xfe\xff)/, advice: 'save it as UTF-8' },
  { is: 'a NumPy array', begins: /^\x93NUMPY/ },
  { is: 'a gzip file', begins: /^\x1f\x8b/, advice: unpack },
  { is: 'a bzip2 file', begins: /^BZh[1-9]1AY&SY/, advice: unpack },
  { is: 'an xz file', begins: /^\xfd7zXZ\0/, advice: unpack },
  { is: 'a Zstandard file', begins: /^\x28\xb5\x2f\xfd/, advice: unpack },
  { is: 'a 7z file', begins: /^7z\xbc\xaf\x27\x1c/, advice: unpack },
  { is: 'a tar file', begins: /^.{257}ustar/s, advice: unpack },
  { is: 'a PyTorch file of before 1.6, a pickle', begins: /^\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19\./ },
  { is: "a pickle, as Python's programs write", begins: /^\x80[\x02-\x05][}\]c(\x95X\x8c]/ },
  { is: 'a PNG picture', begins: /^\x89PNG\r\n\x1a\n/ },
  { is: 'a JPEG picture', begins: /^\xff\xd8\xff/ },
  { is: 'a GIF picture', begins: /^GIF8[79]a/ },
  { is: 'a PDF file', begins: /^%PDF-/ },
  { is: 'a program (ELF)', begins: /^\x7fELF/ },
  {
    is: 'a web page (HTML)',
    begins: /^(\xef\xbb\xbf)?\s*<(!doctype html|html)/i,
    advice: 'a download often gives one in the place of the file',
  },
  { is: 'an XML file', begins: /^(\xef\xbb\xbf)?\s*<\?xml/ },
  { is: 'a JSON file', begins: /^(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*["{[\]\d-])[^\0-\x08]*$/ },
  { is: 'a text file', begins: /^[\t\n\r\f\x20-\x7e\x80-\xff]+$/ },
  { is: 'a file of zeros', begins: /^\0{16,}$/ },
]
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: signatures are made of them

/**
 * The kind of a file by its first bytes.
 *
 * @param head the first `HEAD` bytes, or all there are
 * @returns undefined where no row matches
 */
export function fileKindOf(head: Uint8Array): FileKind | undefined {
  let text = ''
  for (const byte of head.subarray(0, HEAD)) text += String.fromCharCode(byte)
  return fileKinds.find(({ begins }) => begins.test(text))
}

/** Files of weights by the end of their name, which no first bytes tell, and where their networks are. */
const weightFiles: Readonly<Record<string, string>> = {
  '.bin': 'the .xml, .param or model.json beside it',
  '.weights': 'the .cfg beside it',
  '.caffemodel': 'its .prototxt',
  '.pdiparams': 'the .pdmodel or inference.json beside it',
}

/** What a file that cannot be read probably is, by its name. */
export function weightsNamed(name: string): Omit<FileKind, 'begins'> | undefined {
  const found = Object.entries(weightFiles).find(([ending]) => name.endsWith(ending))
  return found && { is: 'weights, by its name', advice: `the network is in ${found[1]}` }
}
