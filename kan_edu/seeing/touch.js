// The page's half of `touch.py`: it shows the picture and tells the kernel what the hand, or a key, did with it.
// All places are shares of the picture, from its upper left corner. Each thing that can be dragged is a segment
// `box` = [x0, y0, x1, y1] (a point, if both ends are one), or an area.

const KEYS = { " ": null, ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
// A picture's width in pixels; its height, a share of the window's; pixels beside it for controls, in a low window.
const [LEAST, MOST, SHARE, BESIDE, LOW] = [480, 1100, 0.58, 368, 800];
const AT_ONCE = 1;   // messages on their way: a second one only lets pictures queue where the page is the slower half
// While it has the focus a screen reader, and JupyterLab, leave the arrow keys to it.
const PARTS = `<div class="kan-edu-frame" role="application" data-lm-suppress-shortcuts="true"><img draggable="false">
    <div class="kan-edu-ring"></div><div class="kan-edu-caption" aria-live="polite"></div></div><div class="kan-edu-words"></div>`;

export default { render({ model, el }) {
    [el.className, el.innerHTML] = [`${el.className} kan-edu-picture`, PARTS];
    const [frame, words] = el.children, [image, ring, caption] = frame.children;
    const [WIDTH, HEIGHT] = model.get("size"), things = () => model.get("things");
    [frame.style.width, frame.style.aspectRatio, words.style.maxWidth] = [`${WIDTH}px`, `${WIDTH}/${HEIGHT}`, `${WIDTH}px`];
    let held = null;                 // what the pointer drags: {thing, grip, far: whether it has left its place}
    let chosen = null, over = null;  // the names of the things that the keys move, and under the pointer
    let by_keys = false, grasp = 0;  // whether the keyboard was used last; another number for each thing taken hold of
    let on_way = [], events = [];    // the grasps of the messages on their way; what has happened since
    let box = null, fitted = JSON.stringify([WIDTH, 1, false]);   // the app; how its picture was asked for

    function show_picture() {
        URL.revokeObjectURL(image.src);   // it stays on the screen until the next is decoded: nothing flickers
        image.src = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    }
    function show_words() { words.innerHTML = model.get("words"), image.alt = words.textContent; }

    function show_caption() {
        const thing = things().find(one => one.name === chosen) ?? things().find(one => !one.click);
        chosen = thing?.name ?? null;
        [frame.tabIndex, frame.ariaLabel] = thing ? [0, "Picture with parts that can be dragged"] : [-1, "Picture"];
        const near = things().find(one => one.name === over), led = thing && by_keys && frame.matches(":focus");
        frame.style.cursor = near?.cursor ?? "default";
        [ring.hidden, caption.hidden] = [!led, !led && !near];
        const [x0, y0, x1, y1] = thing?.at ? [...thing.at, ...thing.at] : thing?.box ?? [];
        [ring.style.left, ring.style.top] = [`${50 * (x0 + x1)}%`, `${50 * (y0 + y1)}%`];
        const keys = things().length > 1 ? "Arrow keys move it, Space goes on" : "Arrow keys move it";
        const says = led ? `${thing.says}. ${keys}` : near?.says ?? "";
        if (caption.textContent !== says) caption.textContent = says;
    }

    // As wide as the cell, but so low that what stands below it is seen, too; drawn anew in the kernel, not stretched.
    function fit() {
        if (!box && (box = el.closest(".widget-vbox"))) size.observe(box), rest_icon_with(box);   // the whole app
        const room = (box ?? el).clientWidth, tall = SHARE * innerHeight * WIDTH / HEIGHT;
        const most = innerHeight < LOW && room >= LEAST + BESIDE ? room - BESIDE : MOST;
        const width = Math.round(Math.min(room, most, Math.max(LEAST, tall)));
        box?.classList.toggle("kan-edu-beside", room - width >= BESIDE);
        const [r, g, b] = getComputedStyle(el).color.match(/[\d.]+/g), dark = r * 0.3 + g * 0.59 + b * 0.11 > 128;
        const asked = JSON.stringify([width, devicePixelRatio, dark]);   // light words: the page is dark
        if (width < 1 || asked === fitted) return;
        [fitted, frame.style.width] = [asked, `${width}px`];
        tell({ grasp: null, width, ratio: devicePixelRatio, dark });
    }

    function tell(event) {
        const last = events.at(-1), keys = "right" in event;
        if (last?.grasp !== event.grasp || "right" in last !== keys) events.push(event);
        else if (keys) [last.right, last.up] = [last.right + event.right, last.up + event.up];
        else events[events.length - 1] = event;   // of a drag only the last place counts
        send();
    }

    function send() {
        if (on_way.length === AT_ONCE || !events.length) return;
        rest_icon(), on_way.push(events.at(-1).grasp), model.send({ events });
        events = [];
    }

    function answered() {   // with the picture; `held` now follows the hand: of two knots in one place the other
        if (on_way.shift() === grasp) [chosen, over] = [model.get("held"), over && model.get("held")];
        show_caption(), send();
    }

    // What lies under the pointer: {thing, grip: from the pointer to its nearest place}; null if nothing is in reach.
    function under(event) {
        const { left, top, width, height } = image.getBoundingClientRect();
        const [x, y] = [event.clientX - left, event.clientY - top];
        let found = null, least = 1;
        for (const thing of things()) {
            const [x0, y0, x1, y1] = thing.box.map((share, n) => share * (n % 2 ? height : width));
            const [dx, dy] = [x1 - x0, y1 - y0], part = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
            const along = Math.min(1, Math.max(0, part)), [gx, gy] = [x0 + along * dx - x, y0 + along * dy - y];
            const far = Math.hypot(gx, gy) / thing.reach, inside = x0 <= x && x <= x1 && y0 <= y && y <= y1;
            // an area is the ground under all things: it counts if nothing else is near
            if (thing.area && inside) found ??= { thing, grip: [0, 0] };
            if (!thing.area && far < least) [least, found] = [far, { thing, grip: [gx, gy] }];
        }
        return found;
    }

    function drag(event) {   // where it was taken hold of it is held: it does not jump to the pointer
        const { left, top, width, height } = image.getBoundingClientRect(), [gx, gy] = held.grip;
        const [x, y] = [(event.clientX - left + gx) / width, (event.clientY - top + gy) / height];
        tell({ thing: held.thing.name, grasp, x, y });
    }

    const on = {
        pointerdown(event) {
            const hit = event.button === 0 && event.isPrimary ? under(event) : null;
            if (!hit) return;
            event.preventDefault();
            frame.setPointerCapture(event.pointerId);
            frame.focus({ preventScroll: true });
            [held, chosen, by_keys, grasp] = [hit, hit.thing.name, false, Math.random()];
            show_caption();
            if (hit.thing.area && !hit.thing.click) drag(event);
        },
        pointermove(event) {
            if (!held) over = under(event)?.thing.name;
            else if (!held.thing.click) return drag(event);
            else held.far ||= Math.hypot(event.movementX, event.movementY) > 3;
            show_caption();
        },
        pointerup(event) {
            if (held?.thing.click && !held.far) drag(event);
            held = null;
        },
        pointercancel() { held = null; },
        pointerleave() { over = null; show_caption(); },
        touchstart(event) { if (held && event.cancelable) event.preventDefault(); },   // else a finger scrolls the page
        keydown(event) {
            const arrow = KEYS[event.key], names = things().filter(thing => !thing.click).map(thing => thing.name);
            if (!names.length || !(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault(), event.stopPropagation();
            if (!arrow) chosen = names.at((names.indexOf(chosen) + (event.shiftKey ? -1 : 1)) % names.length);
            if (!arrow || !by_keys) grasp = Math.random();
            by_keys = true;
            show_caption();
            const [right, up] = (arrow ?? []).map(presses => presses * (event.shiftKey ? 10 : 1));
            if (arrow) tell({ thing: chosen, grasp, right, up });
        },
        focus() { by_keys = frame.matches(":focus-visible"); show_caption(); },
        blur: show_caption,
    };
    for (const [name, does] of Object.entries(on)) frame.addEventListener(name, does, { passive: false });
    const heard = { png: show_picture, words: show_words, things: show_caption, seen: answered };
    for (const part in heard) model.on(`change:${part}`, heard[part]);   // anywidget takes them off again with the picture
    show_picture(), show_words(), show_caption();
    const size = new ResizeObserver(fit), theme = new MutationObserver(() => setTimeout(fit, 300));   // colours fade
    size.observe(el), theme.observe(document.body, { attributes: true });   // another theme is another attribute there
    addEventListener("resize", fit);   // the window's height, and its zoom
    return () => {
        [size, theme].forEach(watch => watch.disconnect());
        removeEventListener("resize", fit), URL.revokeObjectURL(image.src);
    };
} };
