// A card: a photo with its faces marked, and the result below it.

import { draw, fileName, make } from './markup.js';
import { reduced, whenNear } from './pictures.js';

/** A share of a photo in percent; a face may extend beyond the photo's edge. */
const percent = (part, whole) => Math.min(100, Math.max(0, 100 * part / whole));

/** One photo. The subclasses of each page write the result and mark the faces. */
export class Card {
  constructor(photo) {
    this.name = fileName(photo.name);
    this.photo = make('div', { class: 'photo', hidden: true });
    this.said = make('div');
    this.element = make('li', { class: 'result' }, this.photo, make('h3', {}, this.name), this.said);
    // A browser cannot show every format; the result is shown without the photo then.
    whenNear(this.element, () => reduced(photo.file).then((small) => this.show(small), () => {}));
  }

  /** The faces to mark, as `{box, look, label}`: `look` is a class, `label` may be left out. */
  marks() {
    return [];
  }

  /** Show the photo; its URL is not needed once it is loaded. */
  show({ url, width, height }) {
    const picture = make('img', { src: url, width, height, alt: `The photo ${this.name}`, onload: () => URL.revokeObjectURL(url) });
    this.size = { width, height };
    this.boxes = draw('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
    this.labels = make('div', { 'aria-hidden': 'true' });
    this.photo.append(picture, this.boxes, this.labels);
    this.photo.hidden = false;
    this.mark();
  }

  /** Draw the faces into the photo, if it is shown. */
  mark() {
    if (!this.boxes) return;
    const marks = this.marks();
    this.boxes.replaceChildren(...marks.flatMap(({ box: [x, y, width, height], look }) =>
      ['around', look].map((name) => draw('rect', { class: name, x, y, width, height }))));
    this.labels.replaceChildren(...marks.filter(({ label }) => label).map((mark) => this.label(mark)));
  }

  /** A label below a face. It is not part of the drawing, whose text would shrink with the photo. */
  label({ box: [x, y, width, height], look, label }) {
    const tag = make('span', { class: `tag ${look}` }, label);
    // For a face on the right it extends to the left, to stay inside the photo.
    if (x + width / 2 > this.size.width / 2) tag.style.right = `${100 - percent(x + width, this.size.width)}%`;
    else tag.style.left = `${percent(x, this.size.width)}%`;
    tag.style.top = `min(${percent(y + height, this.size.height)}%, 100% - 1.5em)`;
    return tag;
  }
}
