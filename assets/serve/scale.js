// A scale of scores, with the threshold and the person's own photos.

import { draw, rateOf, strangers, verdict } from './markup.js';

/** The end of the scale. */
const MOST = 7;
const WIDTH = 340;
const LEFT = 8;
const FLOOR = 52;
const x = (score) => LEFT + (WIDTH - 2 * LEFT) * Math.min(MOST, Math.max(0, score)) / MOST;

/** The drawing. The grey slope is the population: each step to the right has a tenth of the strangers. */
export function scale(score, threshold, own, known) {
  const said = score == null ? 'no score' : `score ${score.toFixed(2)}`;
  const words = `${said}, threshold ${threshold.toFixed(2)}, which accepts ${strangers(rateOf(threshold, known))}. `
    + 'Grey: the share of strangers who look at least this similar; each step to the right leaves a tenth of them. '
    + 'Shaded: uncertain. Small strokes: the enrolled photos.';
  const picture = draw('svg', { class: 'scale', viewBox: `0 0 ${WIDTH} 74`, role: 'img', 'aria-label': words },
    draw('title', {}, words),
    draw('path', { class: 'population', d: `M${x(0)} 14L${x(MOST)} ${FLOOR}H${x(0)}Z` }),
    draw('rect', { class: 'zone', x: x(threshold - 1), y: 8, width: x(threshold) - x(threshold - 1), height: FLOOR - 8 }),
    draw('line', { class: 'axis', x1: x(0), x2: x(MOST), y1: FLOOR, y2: FLOOR }));
  for (const [step, label] of [[0, 'all'], [2, '1 in 100'], [4, '1 in 10,000'], [6, '1 in a million']]) {
    const anchor = step === 0 ? 'start' : step === 6 ? 'end' : 'middle';
    picture.append(draw('line', { class: 'axis', x1: x(step), x2: x(step), y1: FLOOR, y2: FLOOR + 4 }),
      draw('text', { x: step === 6 ? x(MOST) : x(step), y: FLOOR + 17, 'text-anchor': anchor }, label));
  }
  for (const other of own) {
    picture.append(draw('line', { class: 'own', x1: x(other), x2: x(other), y1: FLOOR - 9, y2: FLOOR }));
  }
  picture.append(draw('line', { class: 'border', x1: x(threshold), x2: x(threshold), y1: 4, y2: FLOOR }));
  if (score != null) {
    picture.append(draw('circle', { class: `here ${verdict(score, threshold)}`, cx: x(score), cy: FLOOR - 14, r: 7 }));
  }
  return picture;
}
