// A page that takes photos and shows a card for each, the newest first.

import { dropZone } from './drop.js';
import { announce, make } from './markup.js';

/**
 * The page and its cards. `look` gets photos, a signal to stop and a function to call with each card;
 * `tally` gets the number of photos and returns a function that counts a card and returns the progress.
 */
export function resultsPage({ heading, label, title, hint, between, look, tally }) {
  const cards = [];
  const results = make('ul', { class: 'results', 'aria-label': label });
  const progress = make('p', { class: 'minor', id: 'tally' });
  let stop = new AbortController();
  const cancel = make('button', { type: 'button', hidden: true, onclick: () => stop.abort() }, 'Stop');
  const take = async (photos) => {
    const counted = tally(photos.length);
    stop = new AbortController();
    cancel.hidden = false;
    try {
      await look(photos, stop.signal, (card) => {
        cards.unshift(card);
        results.prepend(card.element);
        progress.textContent = counted(card);
      });
    } finally {
      cancel.hidden = true;
      announce(progress.textContent);
    }
  };
  const zone = dropZone({ title, hint, withCamera: true, withPaste: true, take });
  const page = make('div', {}, make('h2', {}, heading), zone, between,
    make('div', { class: 'row' }, progress, cancel), results);
  page.paste = zone.paste;
  return { page, cards };
}
