/** What the colours of a model's bars mean, and their width. */
export function FamilyLegend() {
  return (
    <>
      <span class="family-text tf-same">■ pads as TensorFlow SAME</span>
      <span class="family-text symmetric">■ pads both sides alike</span>
      <span>□ both conventions pad it alike</span>
      <span>a bar is as wide as what the layer reads; 0,1: cells of padding before and after</span>
    </>
  )
}
