import blazeface from '../../../examples/face/data/blazeface-front.onnx?url'

/** The model that comes with the page. */
export const SAMPLE = 'blazeface-front.onnx'

/** Its file, fetched when it is asked for. */
export const fetchSample = async (): Promise<Blob> => (await fetch(blazeface)).blob()
