import { Button, DropZone, FileTrigger, Text } from "react-aria-components";
import "./field.css";
import { Icon } from "./icons";

interface FileDropProps {
  title: string;
  help: string;
  button: string;
  /** File endings, with the dot. */
  accept: readonly string[];
  onFile: (file: File) => void;
  /** The browser could not hand the file over. */
  onUnreadable: () => void;
}

export function FileDrop({ title, help, button, accept, onFile, onUnreadable }: FileDropProps) {
  return (
    <DropZone
      className="z-drop"
      getDropOperation={() => "copy"}
      onDrop={(event) => {
        const dropped = event.items.find((item) => item.kind === "file");
        if (dropped?.kind === "file") dropped.getFile().then(onFile, onUnreadable);
      }}
    >
      <Icon name="upload" size={28} />
      <Text slot="label">{title}</Text>
      <FileTrigger
        acceptedFileTypes={accept}
        onSelect={(files) => {
          const file = files?.item(0);
          if (file) onFile(file);
        }}
      >
        <Button className="z-button" data-look="plain">
          {button}
        </Button>
      </FileTrigger>
      <span className="z-help">{help}</span>
    </DropZone>
  );
}
