'use strict';
// Everything from outside (names, remarks, URLs) comes in as JSON and goes out as text.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const byId = (id) => document.getElementById(id);
  const plane = byId('plane'), card = byId('card'), slider = byId('threshold');
  const SHAPES = {
    kept: 'M0-5A5 5 0 1 0 0 5A5 5 0 1 0 0-5Z',
    copy: 'M0-4.4A4.4 4.4 0 1 0 0 4.4A4.4 4.4 0 1 0 0-4.4Z',
    aside: 'M0-6A6 6 0 1 0 0 6A6 6 0 1 0 0-6ZM-2.6-2.6L2.6 2.6M-2.6 2.6L2.6-2.6',
    overlay: ['M0-6L5.5 4L-5.5 4Z', 'M-4.4-4.4H4.4V4.4H-4.4Z', 'M0-6.2L5.5 0L0 6.2L-5.5 0Z', 'M0 6L5.5-4L-5.5-4Z'],
  };
  const state = { view: 0, zoom: 1, pan: [0, 0], threshold: data.threshold, hidden: new Set(), marked: -1 };
  const svg = (name, attributes, parent) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.append(element);
    return element;
  };
  const element = (name, text, parent) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  };
  const layers = ['back', 'regions', 'lines', 'faces', 'front'].map((id) => svg('g', { id }, plane));
  const [back, regions, lines, faces, front] = layers;
  // Drawing is clipped at the axes, except for half a marker.
  const inside = svg('rect', {}, svg('clipPath', { id: 'inside' }, plane));
  for (const layer of [regions, lines, faces]) layer.setAttribute('clip-path', 'url(#inside)');
  const mark = svg('circle', { id: 'mark', r: 10, visibility: 'hidden' }, front);

  const group = (face) => data.groups[face.group];
  const shape = (g) => g.kind === 'overlay' ? SHAPES.overlay[g.number % SHAPES.overlay.length] : SHAPES[g.kind];
  const look = (g) => g.kind === 'copy' ? ' hollow' : g.kind === 'aside' ? ' aside' : '';
  const verdict = (score) => score >= state.threshold ? 'match'
    : score >= state.threshold - data.uncertain ? 'uncertain' : 'no-match';
  const markers = data.faces.map((face, i) => svg('path', { d: shape(group(face)), 'data-i': i }, faces));
  const order = data.faces.map((_, i) => i).sort((a, b) => data.faces[b].score - data.faces[a].score);
  const number = (value, digits) => value.toFixed(digits).replace('-', '−');

  const counted = (many) => many.toLocaleString('en-GB');

  // The rate of a threshold, as a power of ten: among local strangers never more than in general.
  const rate = (threshold) => {
    const [from, to] = [data.strangers, data.rates];
    if (!from) return threshold;
    const last = from.length - 1;
    let at = from.findIndex((start) => start > threshold);
    if (at === 0) return Math.min(threshold, to[0] + threshold - from[0]);
    if (at < 0) return Math.min(threshold, to[last] + threshold - from[last]);
    const part = (threshold - from[at - 1]) / Math.max(from[at] - from[at - 1], 1e-9);
    return Math.min(threshold, to[at - 1] + part * (to[at] - to[at - 1]));
  };

  // How many strangers it takes for one to be accepted, to two digits.
  const strangers = (threshold) => {
    const many = Number(Math.pow(10, rate(threshold)).toPrecision(2));
    if (many < 2) return 'every stranger';
    const where = data.strangers ? ', measured on strangers in your photos' : ' among people like those it was measured on';
    return `one stranger in ${many.toLocaleString('en-GB')}${where}`;
  };

  // From the plane to pixels: all faces fit at zoom 1.
  const frame = () => {
    const { width, height } = plane.getBoundingClientRect();
    const [left, top, right, bottom] = [62, 18, width - 18, height - 52];
    const view = data.views[state.view];
    const [low, high] = view.bounds;
    const fill = [(right - left) / (high[0] - low[0]), (bottom - top) / (high[1] - low[1])];
    // A score and a direction have no common unit.
    const most = view.grid ? 2 * Math.min(...fill) : Infinity;
    const scale = fill.map((f) => Math.min(f, most) * state.zoom);
    const middle = [(left + right) / 2 + state.pan[0], (top + bottom) / 2 + state.pan[1]];
    const centre = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
    return {
      left, top, right, bottom, scale,
      pixel: ([x, y]) => [middle[0] + (x - centre[0]) * scale[0], middle[1] - (y - centre[1]) * scale[1]],
      place: ([x, y]) => [(x - middle[0]) / scale[0] + centre[0], centre[1] - (y - middle[1]) / scale[1]],
    };
  };
  const path = (points, f) => 'M' + points.map((p) => f.pixel(p).map((v) => v.toFixed(1)).join(' ')).join('L');

  const ticks = (from, to, pixels, each) => {
    const rough = (to - from) / Math.max(pixels / each, 1);
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= rough);
    const found = [];
    for (let n = Math.ceil(from / step); n * step <= to; n++) found.push(Number((n * step).toPrecision(6)));
    return found;
  };
  const axes = (f, view) => {
    const low = f.place([f.left, f.bottom]), high = f.place([f.right, f.top]);
    const word = (text, attributes, room) => {
      const made = svg('text', attributes, back);
      made.textContent = text;
      const length = made.getComputedTextLength();
      if (room && length > room) made.style.fontSize = `${Math.max(8, (14 * room) / length)}px`;
    };
    if (view.axes[1]) {
      for (const x of ticks(low[0], high[0], f.right - f.left, 80)) {
        const at = f.pixel([x, 0])[0];
        svg('line', { class: 'tick', x1: at, x2: at, y1: f.top, y2: f.bottom }, back);
        word(String(x).replace('-', '−'), { x: at, y: f.bottom + 18, 'text-anchor': 'middle' });
      }
      for (const y of ticks(low[1], high[1], f.bottom - f.top, 60)) {
        const at = f.pixel([0, y])[1];
        svg('line', { class: 'tick', x1: f.left, x2: f.right, y1: at, y2: at }, back);
        word(String(y).replace('-', '−'), { x: f.left - 6, y: at + 4, 'text-anchor': 'end' });
      }
    }
    word(view.axes[0], { class: 'axis', x: (f.left + f.right) / 2, y: f.bottom + 42, 'text-anchor': 'middle' }, f.right - f.left);
    const middle = (f.top + f.bottom) / 2;
    word(view.axes[1], { class: 'axis', x: 16, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 16 ${middle})` }, f.bottom - f.top);
  };

  // Where the surface passes the threshold, cell by cell: straight pieces.
  const contour = (grid, level) => {
    const { across, up, values } = grid, pieces = [];
    const cut = (a, b, va, vb) => {
      const t = (level - va) / (vb - va);
      return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    };
    for (let j = 0; j + 1 < up.length; j++) {
      for (let i = 0; i + 1 < across.length; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const points = corners.map(([x, y]) => [across[x], up[y]]);
        const height = corners.map(([x, y]) => values[y][x]);
        const ends = [];
        for (let k = 0; k < 4; k++) {
          const n = (k + 1) % 4;
          if ((height[k] >= level) !== (height[n] >= level)) ends.push(cut(points[k], points[n], height[k], height[n]));
        }
        for (let k = 0; k + 1 < ends.length; k += 2) pieces.push([ends[k], ends[k + 1]]);
      }
    }
    return pieces;
  };
  const border = (f, view) => {
    lines.replaceChildren();
    if (view.grid) {
      const d = contour(view.grid, state.threshold).map((piece) => path(piece, f)).join('');
      if (d) svg('path', { class: 'border', d }, lines);
      return;
    }
    const x = Math.min(Math.max(f.pixel([state.threshold, 0])[0], f.left), f.right);
    svg('rect', { class: 'side', x, y: f.top, width: f.right - x, height: f.bottom - f.top }, lines);
    svg('line', { class: 'border', x1: x, x2: x, y1: f.top, y2: f.bottom }, lines);
  };

  const draw = () => {
    const f = frame(), view = data.views[state.view];
    back.replaceChildren();
    regions.replaceChildren();
    const ends = { x: f.left - 8, y: f.top - 8, width: f.right - f.left + 16, height: f.bottom - f.top + 16 };
    for (const [key, value] of Object.entries(ends)) inside.setAttribute(key, value);
    axes(f, view);
    for (const region of view.regions) svg('path', { class: 'region', d: path(region, f) + 'Z' }, regions);
    border(f, view);
    const size = Math.min(1.8, Math.max(0.55, Math.pow(300 / data.faces.length, 0.25)) * Math.pow(state.zoom, 0.2));
    markers.forEach((marker, i) => {
      const [x, y] = f.pixel(view.places[i]);
      marker.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size.toFixed(2)})`);
    });
    plane.dataset.zoom = state.zoom.toFixed(3);
    place(f);
  };
  const colour = () => {
    const counts = { match: 0, uncertain: 0, 'no-match': 0 };
    const matches = data.groups.map(() => 0);
    data.faces.forEach((face, i) => {
      const said = verdict(face.score);
      counts[said] += state.hidden.has(face.group) ? 0 : 1;
      matches[face.group] += said === 'match' ? 1 : 0;
      markers[i].setAttribute('class', 'face ' + said + look(group(face)));
      markers[i].style.display = state.hidden.has(face.group) ? 'none' : '';
    });
    for (const [said, count] of Object.entries(counts)) byId('n-' + said).textContent = counted(count);
    data.groups.forEach((g, i) => { byId('g-' + i).textContent = `${counted(matches[i])} of ${counted(g.count)} match`; });
    byId('accepts').textContent = `${number(state.threshold, 2)}: accepts ${strangers(state.threshold)}`;
    border(frame(), data.views[state.view]);
  };

  const show = (i) => {
    state.marked = i;
    card.replaceChildren();
    card.hidden = i < 0;
    mark.setAttribute('visibility', i < 0 ? 'hidden' : 'visible');
    if (i < 0) return;
    const face = data.faces[i];
    if (face.crop) Object.assign(element('img', undefined, card), { src: face.crop, alt: '' });
    const words = element('div', undefined, card);
    element('strong', face.name, words);
    const said = verdict(face.score);
    element('div', `score ${number(face.score, 2)}: ${said}`, words).className = said;
    if (face.remark) element('div', face.remark, words);
    element('div', group(face).name, words);
    byId('said').textContent = `${face.name}: score ${number(face.score, 2)}, ${said}${face.remark ? ', ' + face.remark : ''}`;
    place(frame());
  };
  // The ring and the card beside the marked face, the card on whichever side has room.
  const place = (f) => {
    if (state.marked < 0) return;
    const [x, y] = f.pixel(data.views[state.view].places[state.marked]);
    mark.setAttribute('cx', x);
    mark.setAttribute('cy', y);
    const { width, height } = plane.getBoundingClientRect();
    const left = x + 16 + card.offsetWidth < width ? x + 16 : Math.max(4, x - 16 - card.offsetWidth);
    card.style.left = left + 'px';
    card.style.top = Math.min(Math.max(4, y - card.offsetHeight / 2), height - card.offsetHeight - 4) + 'px';
  };
  const open = (i) => { if (i >= 0 && data.faces[i].href) window.open(data.faces[i].href, '_blank', 'noopener'); };
  const zoom = (factor, at) => {
    const { width, height } = plane.getBoundingClientRect();
    const [x, y] = at || [width / 2, height / 2];
    const before = frame().place([x, y]);
    state.zoom = Math.min(200, Math.max(0.5, state.zoom * factor));
    const after = frame().pixel(before);
    state.pan = [state.pan[0] + x - after[0], state.pan[1] + y - after[1]];
    draw();
  };
  const reset = () => { state.zoom = 1; state.pan = [0, 0]; draw(); };
  const step = (by) => {
    const seen = order.filter((i) => !state.hidden.has(data.faces[i].group));
    if (!seen.length) return;
    const at = seen.indexOf(state.marked);
    show(seen[at < 0 ? 0 : (at + by + seen.length) % seen.length]);
  };

  // Built once: groups and views.
  const listed = data.groups.map((_, i) => i).reverse();
  listed.sort((a, b) => (data.groups[b].kind === 'kept') - (data.groups[a].kind === 'kept'));
  listed.forEach((i) => {
    const g = data.groups[i];
    const label = element('label', undefined, byId('groups'));
    const box = element('input', undefined, label);
    Object.assign(box, { type: 'checkbox', checked: true, id: 'group-' + i });
    const key = svg('svg', { viewBox: '-10 -10 20 20', 'aria-hidden': 'true' }, label);
    svg('path', { d: shape(g), class: 'face no-match' + look(g), transform: 'scale(1.3)' }, key);
    const words = element('span', g.name, label);
    element('small', '', words).id = 'g-' + i;
    box.addEventListener('change', () => {
      if (box.checked) state.hidden.delete(i); else state.hidden.add(i);
      if (state.marked >= 0 && data.faces[state.marked].group === i) show(-1);
      colour();
    });
  });
  data.views.forEach((view, i) => {
    const label = element('label', undefined, byId('views'));
    const button = element('input', undefined, label);
    Object.assign(button, { type: 'radio', name: 'view', checked: i === 0, id: 'view-' + view.id });
    element('span', view.name, label);
    button.addEventListener('change', () => { state.view = i; reset(); });
  });

  let drag = null;
  const local = (event) => {
    const box = plane.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const marked = (event) => event.target.dataset && event.target.dataset.i !== undefined ? Number(event.target.dataset.i) : -1;
  plane.addEventListener('pointerdown', (event) => {
    drag = { from: local(event), pan: state.pan, face: marked(event), moved: false };
  });
  plane.addEventListener('pointermove', (event) => {
    if (!drag) { const i = marked(event); if (i !== state.marked) show(i); return; }
    const [x, y] = local(event);
    const by = [x - drag.from[0], y - drag.from[1]];
    if (!drag.moved && Math.hypot(...by) > 4) { drag.moved = true; plane.setPointerCapture(event.pointerId); }
    if (drag.moved) { state.pan = [drag.pan[0] + by[0], drag.pan[1] + by[1]]; draw(); }
  });
  plane.addEventListener('pointerup', () => {
    if (drag && !drag.moved) open(drag.face);
    drag = null;
  });
  plane.addEventListener('pointerleave', () => { if (!drag) show(-1); });
  plane.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.pow(1.0015, -event.deltaY), local(event));
  }, { passive: false });
  plane.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (move && event.shiftKey) { state.pan = [state.pan[0] + move[0], state.pan[1] + move[1]]; draw(); }
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter' || event.key === ' ') open(state.marked);
    else if (event.key === '+' || event.key === '=') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === '0') reset();
    else if (event.key === 'Escape') show(-1);
    else return;
    event.preventDefault();
  });
  byId('zoom-in').addEventListener('click', () => zoom(1.4));
  byId('zoom-out').addEventListener('click', () => zoom(1 / 1.4));
  byId('zoom-reset').addEventListener('click', reset);
  slider.value = data.threshold;
  slider.addEventListener('input', () => { state.threshold = Number(slider.value); colour(); });
  byId('reset-threshold').addEventListener('click', () => { slider.value = data.threshold; state.threshold = data.threshold; colour(); });
  new ResizeObserver(draw).observe(plane);
  colour();
  draw();
})();
