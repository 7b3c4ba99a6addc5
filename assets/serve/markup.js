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

/** Tell those who cannot see the page what has changed. */
export function announce(text) {
  document.getElementById('news').textContent = text;
}

/** Say what went wrong, until something else is done. */
export function complain(error) {
  const place = document.getElementById('trouble');
  place.textContent = error ? error.message ?? String(error) : '';
  place.hidden = !error;
  if (error) place.scrollIntoView({ block: 'nearest' });
}

/** What an action does, with its error shown. */
export const guarded = (action) => async (...args) => {
  complain(null);
  try {
    return await action(...args);
  } catch (error) {
    if (error.name !== 'AbortError') complain(error);
  }
};

export const count = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

/** A score as it is printed, with a true minus. */
export const number = (score) => score.toFixed(2).replace('-', '−');

/** Whom a threshold lets through, in the words of the command line. */
export function strangers(threshold) {
  const many = 10 ** threshold;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(many)) - 1);
  return `one stranger in ${(Math.round(many / unit) * unit).toLocaleString('en')}`;
}

/** The verdict on a score; uncertain reaches one step below the threshold. */
export const verdict = (score, threshold) =>
  score >= threshold ? 'match' : score >= threshold - 1 ? 'uncertain' : 'no-match';

/** The last part of a photo's path. */
export const fileName = (path) => path.split(/[\\/]/).pop();
