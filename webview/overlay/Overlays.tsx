/** Everything that opens above the page: search boxes, the context menu, the table of layers and the list of keys. */
import { ContextMenu } from './ContextMenu.tsx';
import { KeyList } from './KeyList.tsx';
import { LayerTable } from './LayerTable.tsx';
import { PickerBox } from './PickerBox.tsx';

export const Overlays = () => (
  <>
    <PickerBox />
    <ContextMenu />
    <LayerTable />
    <KeyList />
  </>
);
