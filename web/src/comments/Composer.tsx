/** Where a comment is written: a field that grows, names after `@`, three marks, and who will see it. What is written survives a reload. */

import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useActView } from "../acts/slots.ts";
import { findKept, forget, keep } from "../api/kept.ts";
import { useBodies } from "../api/people.ts";
import { useMe } from "../api/session.tsx";
import { useStaying } from "../suggestions/cards/Track.tsx";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Choice.tsx";
import { type Callable, complete, find, type Query, queryAt, wordsOf } from "./mention.ts";
import type { Words } from "./model.ts";

interface Draft {
  readonly text: string;
  readonly called: readonly Callable[];
  readonly release: boolean;
}

interface ComposerProps {
  /** Names the draft on this device. */
  readonly draft: string;
  readonly label: string;
  readonly submit: string;
  readonly initial?: string;
  readonly isPending?: boolean;
  /** Who sees it: a choice for those who may talk to everyone, else a sentence. */
  readonly audience: "choice" | "act" | "body";
  readonly autoFocus?: boolean;
  readonly onSubmit: (words: Words, release: boolean) => void;
  readonly onCancel?: () => void;
  readonly children?: ReactNode;
}

const MAX_TEXT = 10_000;

export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const { draft, setDraft, clear } = useDraft(props.draft, props.initial ?? "");
  const release = props.audience === "act" || (props.audience === "choice" && draft.release);
  const everyone = useCallable(release);
  const words = wordsOf(draft.text, draft.called);
  useStaying();
  const isReady = words.text !== "" && words.text.length <= MAX_TEXT && !props.isPending;
  const send = () => {
    if (!isReady) return;
    clear();
    props.onSubmit(words, release);
  };
  const cancel = () => {
    clear();
    props.onCancel?.();
  };
  return (
    <form
      className="cmt-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {props.children}
      <Field {...{ draft, setDraft, everyone, send, label: props.label, autoFocus: props.autoFocus ?? false }} onEscape={cancel} />
      {props.audience === "choice" ? (
        <Checkbox isSelected={draft.release} onChange={(chosen) => setDraft({ ...draft, release: chosen })}>
          {t("comments.forAll")}
        </Checkbox>
      ) : (
        <p className="cmt-note">{t(props.audience === "act" ? "comments.seenByAll" : "comments.seenByBody")}</p>
      )}
      <div className="cmt-row">
        <Button small look="primary" type="submit" isDisabled={!isReady} isPending={props.isPending ?? false}>
          {props.submit}
        </Button>
        {props.onCancel && (
          <Button small look="quiet" onPress={cancel}>
            {t("comments.cancel")}
          </Button>
        )}
        <span className="z-grow" />
        {words.text.length > MAX_TEXT && <span className="cmt-note">{t("comments.tooLong", { count: MAX_TEXT })}</span>}
      </div>
    </form>
  );
}

function useDraft(name: string, initial: string) {
  const { id, shared_computer } = useMe();
  const key = `comment.${id}.${name}`;
  const [draft, set] = useState<Draft>(() => {
    const found = shared_computer ? null : findKept<Draft>(key);
    return found ?? { text: initial, called: [], release: false };
  });
  const setDraft = (next: Draft) => {
    set(next);
    if (shared_computer) return;
    if (next.text.trim() === "" || next.text === initial) forget(key);
    else keep(key, next);
  };
  const clear = () => {
    forget(key);
    set({ ...draft, text: initial, called: [] });
  };
  return { draft, setDraft, clear };
}

/** Those who would see the comment. */
function useCallable(release: boolean): readonly Callable[] {
  const { act } = useActView();
  const bodies = useBodies();
  const me = useMe();
  const isSeen = (body: string) => release || body === me.body;
  const people = act.members.filter(({ user, body }) => user !== me.id && isSeen(body));
  return [
    ...people.map(
      ({ user, name, body }): Callable => ({ kind: "people", id: user, name, note: bodies.shortOf(body), hue: bodies.hueOf(body) ?? 0 }),
    ),
    ...act.bodies
      .filter(({ body }) => isSeen(body))
      .map(
        ({ body: code }): Callable => ({
          kind: "bodies",
          id: code,
          name: bodies.shortOf(code),
          note: bodies.nameOf(code),
          hue: bodies.hueOf(code) ?? 0,
        }),
      ),
  ];
}

interface FieldProps {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly everyone: readonly Callable[];
  readonly label: string;
  readonly autoFocus: boolean;
  readonly send: () => void;
  readonly onEscape: () => void;
}

function Field({ draft, setDraft, everyone, label, autoFocus, send, onEscape }: FieldProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<[number, number] | null>(null);
  const [query, setQuery] = useState<Query | null>(null);
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const found = query === null ? [] : find(everyone, query.text);
  useGrowing(field, draft.text);
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(...caret.current);
    caret.current = null;
  });
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);
  const write = (text: string, from: number, to = from) => {
    caret.current = [from, to];
    setDraft({ ...draft, text });
  };
  const take = (one: Callable) => {
    if (query === null) return;
    const done = complete(draft.text, query, one);
    caret.current = [done.caret, done.caret];
    setQuery(null);
    setDraft({ ...draft, text: done.text, called: [...draft.called, one] });
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const done = found.length > 0 ? inList(event.key, found, chosen, { setChosen, take, close: () => setQuery(null) }) : false;
    if (done) event.preventDefault();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    else if (event.key === "Escape" && draft.text.trim() === "") onEscape();
    if (event.key === "Escape") event.stopPropagation();
  };
  return (
    <div className="cmt-field">
      <textarea
        ref={field}
        className="z-input"
        rows={2}
        value={draft.text}
        aria-label={label}
        placeholder={t("comments.placeholder")}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? list : undefined}
        aria-activedescendant={found.length > 0 ? `${list} ${chosen}` : undefined}
        onChange={({ target }) => {
          setDraft({ ...draft, text: target.value });
          setQuery(queryAt(target.value, target.selectionStart));
          setChosen(0);
        }}
        onKeyDown={press}
        onBlur={() => setQuery(null)}
      />
      {found.length > 0 && <Suggested id={list} found={found} chosen={chosen} onTake={take} />}
      <Marks field={field} text={draft.text} write={write} onAt={(text, at) => setQuery(queryAt(text, at))} />
    </div>
  );
}

interface InList {
  setChosen: (index: number) => void;
  take: (one: Callable) => void;
  close: () => void;
}

/** True when the key was for the list of names. */
function inList(key: string, found: readonly Callable[], chosen: number, { setChosen, take, close }: InList): boolean {
  const one = found[chosen];
  if (key === "ArrowDown") setChosen((chosen + 1) % found.length);
  else if (key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
  else if ((key === "Enter" || key === "Tab") && one !== undefined) take(one);
  else if (key === "Escape") close();
  else return false;
  return true;
}

function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(320, element.scrollHeight + 2)}px`;
  }, [field, text]);
}

interface SuggestedProps {
  readonly id: string;
  readonly found: readonly Callable[];
  readonly chosen: number;
  readonly onTake: (one: Callable) => void;
}

function Suggested({ id, found, chosen, onTake }: SuggestedProps) {
  const { t } = useTranslation();
  return (
    <div className="cmt-names" role="listbox" id={id} aria-label={t("comments.names")}>
      {found.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        <div
          key={`${one.kind} ${one.id}`}
          id={`${id} ${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className="cmt-name"
          data-hue={one.hue}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(one)}
        >
          <b>{one.name}</b>
          <small>{one.note}</small>
        </div>
      ))}
    </div>
  );
}

const SIGNS = [
  { name: "bold", around: "**" },
  { name: "italic", around: "*" },
] as const;

interface MarksProps {
  readonly field: React.RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly write: (text: string, from: number, to?: number) => void;
  readonly onAt: (text: string, at: number) => void;
}

/** Three marks of Markdown and `@`, for those who do not know how to type them. */
function Marks({ field, text, write, onAt }: MarksProps) {
  const { t } = useTranslation();
  const selection = (): [number, number] => [field.current?.selectionStart ?? text.length, field.current?.selectionEnd ?? text.length];
  const wrap = (sign: string) => {
    const [from, to] = selection();
    write(text.slice(0, from) + sign + text.slice(from, to) + sign + text.slice(to), from + sign.length, to + sign.length);
    field.current?.focus();
  };
  const insert = (words: string, isLine: boolean) => {
    const [from, to] = selection();
    const before = text.slice(0, from);
    const gap = isLine ? (before === "" || before.endsWith("\n") ? "" : "\n") : before === "" || /\s$/u.test(before) ? "" : " ";
    const made = before + gap + words;
    write(made + text.slice(to), made.length);
    field.current?.focus();
    return made;
  };
  return (
    <div className="cmt-marks">
      {SIGNS.map(({ name, around }) => (
        <Button key={name} small look="quiet" label={t(`comments.${name}`)} onPress={() => wrap(around)}>
          <span data-sign={name}>{t(`comments.${name}Sign`)}</span>
        </Button>
      ))}
      <Button small look="quiet" label={t("comments.list")} onPress={() => insert("- ", true)}>
        •
      </Button>
      <Button
        small
        look="quiet"
        label={t("comments.mention")}
        onPress={() => {
          const made = insert("@", false);
          onAt(made, made.length);
        }}
      >
        @
      </Button>
    </div>
  );
}
