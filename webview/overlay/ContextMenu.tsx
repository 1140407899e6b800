/** The context menu, in VS Code's menu colours, with the keys beside each command. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../controls/Icon.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { type Menu, type MenuItem, useOverlay } from '../model/overlay.ts';

const close = () => useOverlay.setState({ menu: undefined });

export function ContextMenu() {
  const menu = useOverlay((overlay) => overlay.menu);
  return menu ? <OpenMenu menu={menu} /> : null;
}

function OpenMenu({ menu }: { readonly menu: Menu }) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(menu.at);
  useLayoutEffect(() => {
    const { offsetWidth = 0, offsetHeight = 0 } = box.current ?? {};
    setPlace({
      x: Math.max(4, Math.min(menu.at.x, window.innerWidth - offsetWidth - 4)),
      y: Math.max(4, Math.min(menu.at.y, window.innerHeight - offsetHeight - 4)),
    });
  }, [menu]);
  useEffect(() => {
    box.current?.querySelector('button')?.focus();
    window.addEventListener('blur', close);
    return () => window.removeEventListener('blur', close);
  }, []);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.stopPropagation();
      event.preventDefault();
      items[(at + step + items.length) % items.length]?.focus();
    }
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      event.preventDefault();
      close();
      canvasControls.current?.focus();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press beside the menu closes it, as Escape does.
    <div
      className="overlay-backdrop"
      onPointerDown={(event) => event.target === event.currentTarget && close()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div
        ref={box}
        className="context-menu"
        role="menu"
        tabIndex={-1}
        style={{ left: place.x, top: place.y }}
        onKeyDown={onKeyDown}
      >
        {menu.groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a menu's groups never change while it is open.
          <div key={index} className="menu-group" role="presentation">
            {group.map((item) => (
              <Item key={item.label} item={item} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Item({ item: { label, icon, keys, disabled = false, run } }: { readonly item: MenuItem }) {
  return (
    <button
      type="button"
      role="menuitem"
      className="menu-item"
      disabled={disabled}
      onPointerEnter={({ currentTarget }) => currentTarget.focus()}
      onClick={() => {
        close();
        canvasControls.current?.focus();
        run();
      }}
    >
      <Icon name={icon} />
      <span className="menu-label">{label}</span>
      {keys && <span className="menu-keys">{keys}</span>}
    </button>
  );
}
