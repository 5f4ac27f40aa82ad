// The stage: pointers and keys on its SVG. Boxes move here, sixty times a second; the page hears of them when a hand lets go.

const Near = 6;          // pixels within which a box snaps
const Least = .02;       // of the picture: no box is smaller
const Nudge = .01;
const Far = .05;
const Pause = 2000;      // milliseconds between questions to a service that is away
const Kept = 'dramatis-stage';

// While the connection is away nobody hears: nothing is begun that would be lost.
const modal = document.getElementById('components-reconnect-modal');
const back = new EventTarget();
let isAway = false;

modal?.addEventListener('components-reconnect-state-changed', ({ detail }) => {
    isAway = detail.state !== 'hide';
    document.body.classList.toggle('away', isAway);
    if (!isAway) back.dispatchEvent(new Event('back'));
    else if (detail.state === 'rejected' || detail.state === 'resume-failed') begin();    // a service that knows nothing of this page
    else if (detail.state === 'failed') untilAnswered();
});

// Menus close behind whoever has chosen, and before whoever means something else.
document.addEventListener('click', event => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
        if (!menu.querySelector('summary').contains(event.target)) menu.open = false;
    }
});
document.addEventListener('keydown', event => {
    const menu = event.key === 'Escape' && document.querySelector('details.menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
});

/** A new page with the old stage; what was typed meanwhile goes along. */
function begin() {
    const prompt = document.getElementById('prompt');
    if (prompt) {
        const stage = JSON.parse(localStorage.getItem(Kept)) ?? { request: {} };
        stage.request.prompt = prompt.value;
        localStorage.setItem(Kept, JSON.stringify(stage));
    }
    location.reload();
}

// It may take long; the first answer begins anew.
async function untilAnswered() {
    for (; ;) {
        await new Promise(done => setTimeout(done, Pause));
        if (await fetch('health/live').then(answer => answer.ok, () => false)) return begin();
    }
}

/** Tells a component what happens, while both are there. What is said as the component goes is for nobody. */
function teller(net) {
    let isHeard = true;
    const tell = async (name, ...values) => {
        if (isAway || !isHeard) return;
        try {
            await net.invokeMethodAsync(name, ...values);
        } catch (fault) {
            if (isHeard && !isAway) throw fault;
        }
    };
    return [tell, () => { isHeard = false; }];
}

/** @param root the stage  @param net the component that is told */
export function attachStage(root, net) {
    const svg = root.querySelector('.stage-svg');
    const [tell, hush] = teller(net);
    const [upright, level, drawn] = ['line', 'line', 'rect'].map(name => root.querySelector('.snap-lines')
        .appendChild(document.createElementNS('http://www.w3.org/2000/svg', name)));
    drawn.classList.add('drawn');
    let gesture = null;

    const units = () => { const view = svg.viewBox.baseVal; return [view.width, view.height]; };
    const fraction = (event, place) => [(event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height];
    const write = (element, values) => { for (const name in values) element.setAttribute(name, values[name]); };
    const boxOf = actor => {
        const [width, height] = units();
        const [x, y, w, h] = ['x', 'y', 'width', 'height'].map(name => parseFloat(actor.getAttribute(name)));
        return [x / width, y / height, (x + w) / width, (y + h) / height];
    };
    const place = (actor, [left, top, right, bottom]) => {
        const [width, height] = units();
        write(actor, { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height });
    };
    const indexOf = actor => parseInt(actor.dataset.index);
    const actors = () => [...svg.querySelectorAll('.actor')];

    // Edges, middles and thirds of the picture, and the edges and middles of the other boxes.
    const guides = (actor, axis) => [0, 1 / 3, .5, 2 / 3, 1, ...actors().filter(other => other !== actor).flatMap(other => {
        const box = boxOf(other);
        return [box[axis], box[axis + 2], (box[axis] + box[axis + 2]) / 2];
    })];
    // What a gesture needs of the page is read when it begins: read in each frame it would lay the page out each time.
    const survey = actor => ({ place: svg.getBoundingClientRect(), guides: [0, 1].map(axis => guides(actor, axis)) });
    const snap = (edges, axis, event) => {
        if (event.altKey || root.dataset.snap === 'off') return [0, null];
        const { place, guides } = gesture.ground;
        let best = [0, null, Near / (axis === 0 ? place.width : place.height)];
        for (const guide of guides[axis]) for (const edge of edges) {
            if (Math.abs(guide - edge) < best[2]) best = [guide - edge, guide, Math.abs(guide - edge)];
        }
        return best;
    };
    const show = (element, values) => { element.style.display = values ? 'inline' : 'none'; if (values) write(element, values); };
    const showLines = (x, y) => {
        const [width, height] = units();
        show(upright, x === null ? null : { x1: x * width, x2: x * width, y1: 0, y2: height });
        show(level, y === null ? null : { x1: 0, x2: width, y1: y * height, y2: y * height });
    };
    const hideLines = () => [upright, level, drawn].forEach(line => show(line, null));
    hideLines();
    const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

    const moved = (start, dx, dy, event) => {
        const [w, h] = [start[2] - start[0], start[3] - start[1]];
        let left = clamp(start[0] + dx, 0, 1 - w), top = clamp(start[1] + dy, 0, 1 - h);
        const [sx, gx] = snap([left, left + w / 2, left + w], 0, event);
        const [sy, gy] = snap([top, top + h / 2, top + h], 1, event);
        left = clamp(left + sx, 0, 1 - w); top = clamp(top + sy, 0, 1 - h);
        showLines(gx, gy);
        return [left, top, left + w, top + h];
    };
    const resized = (start, edge, dx, dy, event) => {
        let [left, top, right, bottom] = start;
        const lined = [null, null];
        const drag = (value, delta, axis) => {
            const [shift, guide] = snap([value + delta], axis, event);
            lined[axis] = guide;
            return clamp(value + delta + shift, 0, 1);
        };
        if (edge.includes('w')) left = Math.min(drag(left, dx, 0), right - Least);
        if (edge.includes('e')) right = Math.max(drag(right, dx, 0), left + Least);
        if (edge.includes('n')) top = Math.min(drag(top, dy, 1), bottom - Least);
        if (edge.includes('s')) bottom = Math.max(drag(bottom, dy, 1), top + Least);
        if (event.shiftKey && edge.length === 2) {    // the shape stays
            const shape = (start[2] - start[0]) / (start[3] - start[1]);
            const height = Math.min((right - left) / shape, edge.includes('n') ? bottom : 1 - top);
            if (edge.includes('n')) top = bottom - height; else bottom = top + height;
            if (edge.includes('w')) left = right - height * shape; else right = left + height * shape;
        }
        showLines(...lined);
        return [left, top, right, bottom];
    };

    const down = event => {
        if (event.button !== 0 || root.dataset.tool === 'brush' || isAway) return;
        const actor = event.target.closest('.actor');
        const edge = event.target.dataset.edge;
        const ground = survey(actor);
        const at = fraction(event, ground.place);
        svg.setPointerCapture(event.pointerId);
        if (!actor) {
            gesture = { kind: 'draw', at, ground };
        } else {
            actor.focus({ preventScroll: true });
            tell('ChooseActor', indexOf(actor));
            if (actor.classList.contains('locked')) return;
            gesture = { kind: edge ? 'resize' : 'move', at, ground, actor, edge, start: boxOf(actor), now: null };
        }
        event.preventDefault();
    };
    // A mouse may tell of itself a thousand times a second; the screen is drawn sixty.
    const move = event => {
        if (!gesture) return;
        gesture.latest = event;
        gesture.frame ??= requestAnimationFrame(follow);
    };
    const follow = () => {
        if (!gesture?.latest) return;
        const { kind, at, ground: { place: ground }, latest, start, edge } = gesture;
        gesture.latest = gesture.frame = null;
        const [x, y] = fraction(latest, ground);
        const [dx, dy] = [x - at[0], y - at[1]];
        if (!gesture.begun && Math.hypot(dx * ground.width, dy * ground.height) < 4) return;
        gesture.begun = true;
        if (kind === 'draw') {
            const [w, h] = units();
            const box = [Math.min(at[0], x), Math.min(at[1], y), Math.max(at[0], x), Math.max(at[1], y)].map(value => clamp(value, 0, 1));
            gesture.now = box;
            show(drawn, { x: box[0] * w, y: box[1] * h, width: (box[2] - box[0]) * w, height: (box[3] - box[1]) * h });
            return;
        }
        gesture.now = kind === 'move' ? moved(start, dx, dy, latest) : resized(start, edge, dx, dy, latest);
        place(gesture.actor, gesture.now);
    };
    const end = () => {
        cancelAnimationFrame(gesture.frame);
        gesture = null;
        hideLines();
    };
    const up = () => {
        if (!gesture) return;
        if (isAway) { abandon(); return; }
        follow();
        const { kind, actor, now, begun } = gesture;
        end();
        if (kind === 'draw') {
            if (begun && now[2] - now[0] > Least && now[3] - now[1] > Least) tell('Draw', ...now);
            else if (!begun) tell('ChooseActor', -1);
        } else if (now) {
            tell('Place', indexOf(actor), ...now, false);
        }
    };
    const abandon = () => {
        if (!gesture) return false;
        if (gesture.actor) place(gesture.actor, gesture.start);
        end();
        return true;
    };

    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const words = { Delete: 'delete', Backspace: 'delete', l: 'lock', '[': 'back', ']': 'front', b: 'boxes', g: 'guides' };
    const key = event => {
        if (isAway) return;
        if (event.key === 'Escape') { if (!abandon()) tell('ChooseActor', -1); return; }
        if (event.key === '+' || event.key === '=') { zoom(1.25); event.preventDefault(); return; }
        if (event.key === '-') { zoom(.8); event.preventDefault(); return; }
        if (event.key === '0') { zoom(0); event.preventDefault(); return; }
        const actor = event.target.closest?.('.actor');
        if (steps[event.key] && actor && !actor.classList.contains('locked')) {
            const far = event.shiftKey ? Far : Nudge;
            const [dx, dy] = steps[event.key].map(step => step * far);
            let [left, top, right, bottom] = boxOf(actor);
            if (event.ctrlKey || event.metaKey) {
                right = clamp(right + dx, left + Least, 1); bottom = clamp(bottom + dy, top + Least, 1);
            } else {
                const [w, h] = [right - left, bottom - top];
                left = clamp(left + dx, 0, 1 - w); top = clamp(top + dy, 0, 1 - h);
                [right, bottom] = [left + w, top + h];
            }
            place(actor, [left, top, right, bottom]);
            tell('Place', indexOf(actor), left, top, right, bottom, true);
            event.preventDefault();
        } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd' && actor) {
            tell('Key', 'duplicate'); event.preventDefault();
        } else if (words[event.key] && !event.ctrlKey && !event.metaKey) {
            tell('Key', words[event.key]); event.preventDefault();
        }
    };
    const focus = event => { const actor = event.target.closest?.('.actor'); if (actor) tell('ChooseActor', indexOf(actor)); };

    // Keys that hold on the whole page.
    const anywhere = event => {
        const control = event.ctrlKey || event.metaKey;
        const writes = event.target.closest?.('input, textarea, select, [contenteditable]');
        if (control && event.key === 'Enter') { tell('Key', 'paint'); event.preventDefault(); }
        else if (control && !writes && event.key.toLowerCase() === 'z') { tell('Key', event.shiftKey ? 'redo' : 'undo'); event.preventDefault(); }
        else if (control && !writes && event.key.toLowerCase() === 'y') { tell('Key', 'redo'); event.preventDefault(); }
    };

    // Zoom is the browser's own matter: the request knows nothing of it.
    let scale = 1;
    const view = root.querySelector('.stage-view');
    const zoom = by => {
        scale = by === 0 ? 1 : clamp(scale * by, 1, 8);
        root.style.setProperty('--zoom', scale);
        measure();
    };
    const wheel = event => { if (event.ctrlKey || event.metaKey) { zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15); event.preventDefault(); } };
    const measure = () => svg.style.setProperty('--u', units()[0] / Math.max(1, svg.getBoundingClientRect().width));
    // A box that was just made may be drawn some frames later.
    const seek = (index, frames) => {
        const actor = svg.querySelector(`.actor[data-index="${index}"]`);
        if (actor) actor.focus({ preventScroll: true });
        else if (frames > 0) requestAnimationFrame(() => seek(index, frames - 1));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(svg);
    measure();

    svg.addEventListener('pointerdown', down);
    svg.addEventListener('pointermove', move);
    svg.addEventListener('pointerup', up);
    svg.addEventListener('pointercancel', abandon);
    svg.addEventListener('focusin', focus);
    root.addEventListener('keydown', key);
    view.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', anywhere);
    const brush = attachBrush(root, svg, tell);
    document.body.dataset.stage = 'live';
    return {
        zoom,
        measure,
        focus: index => seek(index, 60),
        openMask: brush.open,
        closeMask: brush.close,
        dispose: () => { hush(); window.removeEventListener('keydown', anywhere); watch.disconnect(); delete document.body.dataset.stage; },
    };
}

// A mask is painted on a canvas over the stage: its colour is the subject's, its file white on black.
function attachBrush(root, svg, tell) {
    const canvas = root.querySelector('.brush');
    const ink = canvas.getContext('2d', { willReadFrequently: true });
    let colour = '#fff', last = null;

    const at = event => {
        const place = canvas.getBoundingClientRect();
        return [(event.clientX - place.left) / place.width * canvas.width, (event.clientY - place.top) / place.height * canvas.height];
    };
    const stroke = event => {
        const [x, y] = at(event);
        ink.globalCompositeOperation = event.shiftKey || root.dataset.erase === 'on' ? 'destination-out' : 'source-over';
        ink.strokeStyle = ink.fillStyle = colour;
        ink.lineWidth = parseFloat(root.dataset.brush || '.1') * canvas.width;
        ink.lineCap = ink.lineJoin = 'round';
        ink.beginPath();
        ink.moveTo(...(last ?? [x, y]));
        ink.lineTo(x + .01, y);
        ink.stroke();
        last = [x, y];
    };
    const finish = () => {
        if (!last) return;
        last = null;
        const file = new OffscreenCanvas(canvas.width, canvas.height);
        const pen = file.getContext('2d');
        pen.drawImage(canvas, 0, 0);
        pen.globalCompositeOperation = 'source-in';
        pen.fillStyle = '#fff';
        pen.fillRect(0, 0, file.width, file.height);
        pen.globalCompositeOperation = 'destination-over';
        pen.fillStyle = '#000';
        pen.fillRect(0, 0, file.width, file.height);
        file.convertToBlob({ type: 'image/png' }).then(blob => tell('Mask', DotNet.createJSStreamReference(blob)));
    };

    canvas.addEventListener('pointerdown', event => { canvas.setPointerCapture(event.pointerId); stroke(event); event.preventDefault(); });
    canvas.addEventListener('pointermove', event => { if (last) for (const step of event.getCoalescedEvents?.() ?? [event]) stroke(step); });
    canvas.addEventListener('pointerup', finish);
    canvas.addEventListener('pointercancel', finish);

    return {
        open: async (width, height, tint, url) => {
            [canvas.width, canvas.height, colour] = [width, height, tint];
            if (!url) return;
            const picture = new Image();
            picture.src = url;
            await picture.decode();
            ink.drawImage(picture, 0, 0, width, height);
            const pixels = ink.getImageData(0, 0, width, height);
            const [r, g, b] = [1, 3, 5].map(start => parseInt(tint.slice(start, start + 2), 16));
            for (let i = 0; i < pixels.data.length; i += 4) pixels.data.set([r, g, b, pixels.data[i]], i);
            ink.putImageData(pixels, 0, 0);
        },
        close: () => ink.clearRect(0, 0, canvas.width, canvas.height),
    };
}

/** The prompt: where the caret stands, and keys of the list of names while it is open. */
export function attachPrompt(area, net) {
    const mirror = area.parentElement.querySelector('.prompt-mirror');
    const fit = () => { area.style.height = 'auto'; area.style.height = `${area.scrollHeight}px`; if (mirror) mirror.style.height = area.style.height; };
    const [tell, hush] = teller(net);
    const write = () => { fit(); tell('Write', area.value, area.selectionStart); };
    const key = event => {
        if (area.dataset.menu !== 'open' || !['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key) || event.ctrlKey) return;
        event.preventDefault();
        event.stopPropagation();
        tell('MenuKey', event.key);
    };
    area.addEventListener('input', write);
    area.addEventListener('keydown', key);
    const watch = new ResizeObserver(fit);
    watch.observe(area.parentElement);
    back.addEventListener('back', write);    // what was typed meanwhile
    fit();
    document.body.dataset.prompt = 'live';
    return {
        set: (text, caret) => { if (area.value !== text) area.value = text; fit(); if (caret >= 0) { area.focus(); area.setSelectionRange(caret, caret); } },
        dispose: () => { hush(); back.removeEventListener('back', write); watch.disconnect(); delete document.body.dataset.prompt; },
    };
}

/** Files that fall or are pasted anywhere on the page. */
export function attachFiles(chooser, net) {
    const [tell, hush] = teller(net);
    const has = event => [...(event.dataTransfer?.types ?? [])].some(type => type === 'Files' || type.startsWith('application/x-dramatis'));
    const stageAt = event => {
        const svg = document.querySelector('.stage-svg');
        const place = svg?.getBoundingClientRect();
        const inside = place?.width > 0 && place.height > 0 && event.clientX >= place.left && event.clientX <= place.right && event.clientY >= place.top && event.clientY <= place.bottom;
        return inside ? [(event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height] : [-1, -1];
    };
    const send = async (files, x, y) => {
        if (isAway) return;
        for (const [i, file] of [...files].entries()) {
            if (file.size === 0) await tell('Miss', file.name);    // streams of nothing are none
            else await tell('TakeFile', DotNet.createJSStreamReference(file), file.name, file.size, x < 0 ? x : x + .04 * i, y < 0 ? y : y + .04 * i);
        }
    };
    const over = event => { if (has(event)) { event.preventDefault(); document.body.classList.add('dropping'); } };
    const leave = event => { if (!event.relatedTarget) document.body.classList.remove('dropping'); };
    const drop = event => {
        document.body.classList.remove('dropping');
        if (!has(event)) return;
        event.preventDefault();
        if (isAway) return;
        const picture = event.dataTransfer.getData('application/x-dramatis-picture');
        const subject = event.dataTransfer.getData('application/x-dramatis-subject');
        if (picture) tell('TakePicture', picture, ...stageAt(event));
        else if (subject) tell('TakeSubject', subject, ...stageAt(event));
        else send(event.dataTransfer.files, ...stageAt(event));
    };
    const paste = event => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length > 0) { event.preventDefault(); send(files, -1, -1); }
    };
    const drag = event => {
        const item = event.target.closest?.('[data-drag-picture], [data-drag-subject]');
        if (item?.dataset.dragPicture) event.dataTransfer.setData('application/x-dramatis-picture', item.dataset.dragPicture);
        if (item?.dataset.dragSubject) event.dataTransfer.setData('application/x-dramatis-subject', item.dataset.dragSubject);
    };
    chooser.addEventListener('change', () => send(chooser.files, -1, -1).then(() => { chooser.value = ''; }));
    const listeners = { dragover: over, dragleave: leave, drop, paste, dragstart: drag };
    for (const name in listeners) window.addEventListener(name, listeners[name]);
    document.body.dataset.files = 'live';
    return {
        dispose: () => {
            hush();
            for (const name in listeners) window.removeEventListener(name, listeners[name]);
            delete document.body.dataset.files;
        },
    };
}

export const open = input => input.click();
export const keep = text => localStorage.setItem(Kept, text);
export const kept = () => localStorage.getItem(Kept);

/** Browsers give their clipboard to this machine and to https alone; over plain http in the house the old way is left. */
export async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
}

export function save(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text]));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
}

/** What the server is to know before it sends the next page. */
export const keepCookie = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Strict`; };

/** Tells how wide an element is inside, now and whenever that changes. */
export function attachWidth(element, net) {
    const [tell, hush] = teller(net);
    const watch = new ResizeObserver(([entry]) => tell('Fit', entry.contentRect.width));
    watch.observe(element);
    return { dispose: () => { hush(); watch.disconnect(); } };
}
