/** What the colours of a model's bars mean, and their width. */
export function FamilyLegend() {
  return (
    <>
      <span class="family-text tf-same">■ pads as TensorFlow SAME</span>
      <span class="family-text symmetric">■ pads both sides alike</span>
      <span>□ pads alike under both rules</span>
      <span>a bar is as wide as what the layer reads; its numbers are the padding, begin and end</span>
    </>
  )
}
