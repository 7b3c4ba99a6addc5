// The slider for the false accept rate, with the rate in words.

import * as api from './api.js';
import { accepted, announce, count, guarded, make, thresholdFor } from './markup.js';

const EASIEST = 2;
const STRICTEST = 6;

/** The scores of the photos that count, each by the others. */
export const ownScores = (person) =>
  person.photos.filter(({ status, score }) => status === 'kept' && score != null).map(({ score }) => score);

/** What is known of the rate among people like this one. */
const known = ({ standing, strangers }) => standing?.rare && !strangers
  ? ' The population has few people like this one, so the rate is uncertain; measure it with photos of strangers of the same kind.'
  : '';

/** The slider of a person; `moved` gets thresholds while it moves, `saved` the person afterwards. */
export function rate(person, moved, saved) {
  const own = ownScores(person);
  const id = `rate-${person.id}`;
  const words = make('p', { id: `${id}-words` });
  const slider = make('input', {
    type: 'range', id, min: EASIEST, max: STRICTEST, step: 0.1, value: -Math.log10(person.far), 'aria-describedby': `${id}-words`,
  });
  const say = () => {
    const rate = Number(slider.value);
    const threshold = thresholdFor(rate, person.strangers);
    const passing = own.filter((score) => score >= threshold).length;
    const photos = own.length ? ` Of the ${count(own.length, 'enrolled photo')}, ${passing.toLocaleString('en')} would match.` : '';
    words.textContent = `Accepts ${accepted(rate, person.strangers)}.${photos}${known(person)}`;
    slider.setAttribute('aria-valuetext', `accepts ${accepted(rate, person.strangers)}`);
    return threshold;
  };
  slider.addEventListener('input', () => moved(say()));
  slider.addEventListener('change', guarded(async () => {
    const after = await api.change(person.id, { far: 10 ** -Number(slider.value) });
    announce('Saved.');
    saved(after);
  }));
  say();
  return make('section', { class: 'rate' },
    make('label', { for: id }, make('strong', {}, `False accept rate for ${person.name}`)), slider,
    make('div', { class: 'ends' }, make('span', {}, 'finds more'), make('span', {}, 'fewer errors')), words);
}
