// Getting photos: dropped, chosen, pasted, or taken with the camera.

import { complain, guarded, make } from './markup.js';

/** Files below dropped entries, each named by its path. */
async function below(entry, path = '') {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return [{ name: path + file.name, file }];
  }
  const reader = entry.createReader();
  const found = [];
  // A reader gives a hundred entries at a time.
  for (;;) {
    const entries = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!entries.length) return found;
    for (const inner of entries) found.push(...await below(inner, `${path}${entry.name}/`));
  }
}

/** Leave hidden files and files that are clearly not photos out of folders. */
const ofFolder = ({ name, file }) => !name.split('/').pop().startsWith('.')
  && (!file.type || file.type.startsWith('image/'));

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ name: file.name, file }));
  const found = [];
  for (const entry of entries) {
    const files = await below(entry);
    found.push(...entry.isDirectory ? files.filter(ofFolder) : files);
  }
  return found;
}

function chooser(label, folder, take) {
  const input = make('input', {
    type: 'file', multiple: true, webkitdirectory: folder, hidden: true, 'aria-hidden': 'true', tabindex: -1,
    accept: folder ? null : 'image/*,.heic,.heif,.hif,.avif,.jxl',
    onchange: () => {
      const files = [...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
      input.value = '';
      take(folder ? files.filter(ofFolder) : files);
    },
  });
  return [make('button', { type: 'button', onclick: () => input.click() }, label), input];
}

/** A photo from the camera, which is switched off afterwards. */
function camera(zone, take) {
  const open = guarded(async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280 } });
    } catch {
      return complain('The camera cannot be used: allow it for this page, or close other programs that use it.');
    }
    const video = make('video', { autoplay: true, playsinline: true, muted: true, 'aria-label': 'What the camera sees' });
    video.srcObject = stream;
    const close = () => {
      stream.getTracks().forEach((track) => track.stop());
      panel.remove();
      button.disabled = false;
      button.focus();
    };
    const shoot = () => {
      const canvas = make('canvas', { width: video.videoWidth, height: video.videoHeight });
      canvas.getContext('2d').drawImage(video, 0, 0);
      canvas.toBlob((file) => take([{ name: ownName('camera', 'jpg'), file }]), 'image/jpeg', 0.92);
      close();
    };
    const trigger = make('button', { type: 'button', class: 'main', onclick: shoot }, 'Take the photo');
    const panel = make('div', {}, video, make('div', { class: 'row' }, trigger,
      make('button', { type: 'button', onclick: close }, 'Close the camera')));
    button.disabled = true;
    zone.append(panel);
    trigger.focus();
  });
  const button = make('button', { type: 'button', onclick: open }, 'Use the camera');
  return button;
}

const given = new Set();

/** A unique name with the time, for a picture that has none: a photo replaces another of the same name. */
function ownName(kind, extension) {
  const at = `${kind} ${new Date().toLocaleString('sv-SE')}`;
  let name = `${at}.${extension}`;
  for (let i = 2; given.has(name); i += 1) name = `${at} ${i}.${extension}`;
  given.add(name);
  return name;
}

/** Pasted pictures. A picture copied from a program has no name. */
function pasted(clipboard) {
  const named = (file) => file.name && file.name !== 'image.png';
  return [...clipboard.files].map((file) => ({ name: named(file) ? file.name : ownName('pasted', 'png'), file }));
}

/** Paste into the page's zone, unless it is text for a field. */
export function onPaste(event, paste) {
  if (!paste) return;
  if (event.clipboardData?.files.length) {
    event.preventDefault();
    paste(event);
  } else if (!event.target.closest?.('input, textarea')) {
    complain('There is no picture on the clipboard. Copy the picture itself, not its address.');
  }
}

/** A zone that takes photos: `take` gets them as `{name, file}`. */
export function dropZone({ title, hint, withCamera = false, withPaste = false, take }) {
  const give = guarded(async (photos) => {
    if (!photos.length) return complain('None of the chosen files is a photo.');
    await take(photos);
  });
  const zone = make('section', { class: 'drop', 'aria-label': title },
    make('strong', {}, title), make('p', { class: 'minor' }, hint),
    withPaste ? make('p', { class: 'minor' }, 'You can also paste a copied picture with Ctrl+V or ⌘V.') : null,
    make('div', { class: 'row' }, chooser('Choose photos', false, give), chooser('Choose a folder', true, give)));
  if (withCamera && navigator.mediaDevices) zone.querySelector('.row').append(camera(zone, give));
  const over = (inside) => (event) => {
    event.preventDefault();
    zone.classList.toggle('over', inside);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', guarded(async (event) => {
    over(false)(event);
    await give(await dropped(event.dataTransfer));
  }));
  zone.paste = (event) => give(pasted(event.clipboardData));
  return zone;
}
