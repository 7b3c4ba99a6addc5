// Elements of the page. Whatever comes from outside goes in as text.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

/** An element with its attributes (`onclick` and the like are listeners) and its children. */
export const make = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);

/** The same of a drawing. */
export const draw = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

/** Announce a change to screen readers. */
export function announce(text) {
  document.getElementById('news').textContent = text;
}

/** Show an error until the next action. */
export function complain(error) {
  const place = document.getElementById('trouble');
  place.textContent = error ? error.message ?? String(error) : '';
  place.hidden = !error;
  if (error) place.scrollIntoView({ block: 'nearest' });
}

/** An action whose error is shown. */
export const guarded = (action) => async (...args) => {
  complain(null);
  try {
    return await action(...args);
  } catch (error) {
    if (error.name !== 'AbortError') complain(error);
  }
};

export const count = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

/** A score with two decimals and a true minus sign. */
export const number = (score) => score.toFixed(2).replace('-', '−');

/** The rates, as powers of ten, at which the scores of local strangers are given. */
const RATES = [0.3, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5];

/** The value at `x` of the line through the points (from, to), with slope 1 beyond its ends. */
function between(from, to, x) {
  const last = from.length - 1;
  if (x <= from[0]) return to[0] + x - from[0];
  if (x >= from[last]) return to[last] + x - from[last];
  const at = from.findIndex((start) => start > x);
  const width = Math.max(from[at] - from[at - 1], 1e-9);
  return to[at - 1] + (x - from[at - 1]) / width * (to[at] - to[at - 1]);
}

/** The threshold that keeps a rate, given as a power of ten, among local strangers, if known. */
export const thresholdFor = (rate, known) =>
  known ? Math.max(rate, Math.min(6.9, between(RATES, known.evidence, rate))) : rate;

/** The rate of a threshold, as a power of ten. */
export const rateOf = (threshold, known) =>
  known ? Math.min(threshold, between(known.evidence, RATES, threshold)) : threshold;

/** A rate, given as a power of ten, in the words of the command line. */
export function strangers(rate) {
  const many = 10 ** rate;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(many)) - 1);
  return `one stranger in ${(Math.round(many / unit) * unit).toLocaleString('en')}`;
}

/** The same in full. */
export const accepted = (rate, known) => strangers(rate)
  + (known ? `, measured on ${count(known.faces, 'face')} of strangers in your photos` : ' among people like those it was measured on');

/** The verdict on a score; it is uncertain up to 1 below the threshold. */
export const verdict = (score, threshold) =>
  score >= threshold ? 'match' : score >= threshold - 1 ? 'uncertain' : 'no-match';

/** The last part of a photo's path. */
export const fileName = (path) => path.split(/[\\/]/).pop();

const CONCERNS = { small: 'small', blurred: 'blurred', 'turned-away': 'turned away', doubtful: 'perhaps not a face' };

/** The message about a photo whose file is cut off. */
export const cutOff = ({ missing }) =>
  `The file is cut off${missing ? `: ${missing} % of the picture is missing` : ' and lacks detail'}.`;

/** The same as a paragraph; nothing for a complete photo. */
export const cutOffNote = (photo) => (photo.truncated ? [make('p', { class: 'minor cut-off' }, cutOff(photo))] : []);

/** What makes a face hard to judge, in words. */
export const concernsOf = (concerns) => concerns.map((concern) => CONCERNS[concern] ?? concern).join(', ');

/** The faces of a photo from left to right, as they are counted. */
export const fromLeft = (faces) => [...faces].sort((a, b) => a.box[0] - b.box[0]);
