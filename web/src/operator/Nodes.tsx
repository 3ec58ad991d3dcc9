import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../api/problems";
import { formatAgo, formatDateTime } from "../i18n/dates";
import { formatSize } from "../i18n/numbers";
import { Button } from "../ui/Button";
import { Banner, Chip, Loading } from "../ui/Pieces";
import { type Column, Table } from "../ui/Table";
import { showToast } from "../ui/Toasts";
import { Ask } from "./Ask";
import { type Node, useDrain, useNodes } from "./data";

const STATES = { ok: "good", degraded: "warn", draining: "stale" } as const;

const isKnown = (status: string): status is keyof typeof STATES => status in STATES;

function State({ status }: { status: string }) {
  const { t } = useTranslation();
  const known = isKnown(status) ? status : null;
  return <Chip tone={known ? STATES[known] : "bad"}>{t(`operator.nodes.states.${known ?? "other"}`)}</Chip>;
}

export function Nodes() {
  const { t } = useTranslation();
  const { data, error, isPending } = useNodes();
  const [asked, ask] = useState<Node | null>(null);
  const drain = useDrain();
  const nodes = data?.items ?? [];
  const columns: Column<Node>[] = [
    {
      id: "name",
      title: t("operator.nodes.name"),
      cell: (node) => (
        <span>
          {`${node.host} · ${node.id} `}
          <span className="z-quiet z-small">
            {node.own ? t("operator.nodes.own") : t("operator.nodes.seen", { when: formatAgo(node.seen_at) })}
          </span>
        </span>
      ),
    },
    { id: "state", title: t("operator.nodes.state"), cell: (node) => <State status={node.status} />, shrink: true },
    { id: "rooms", title: t("operator.nodes.rooms"), cell: (node) => node.rooms, shrink: true },
    { id: "connections", title: t("operator.nodes.connections"), cell: (node) => node.connections, shrink: true },
    {
      id: "pending",
      title: t("operator.nodes.pending"),
      cell: (node) => (node.pending_bytes > 0 ? formatSize(node.pending_bytes) : "0"),
      shrink: true,
    },
    { id: "version", title: t("operator.nodes.version"), cell: (node) => node.version, shrink: true },
    { id: "since", title: t("operator.nodes.since"), cell: (node) => formatDateTime(node.started_at), shrink: true },
    {
      id: "drain",
      title: t("operator.documents.actions"),
      cell: (node) => (
        <Button
          small
          label={t("operator.nodes.drainNamed", { name: node.host })}
          isDisabled={node.status === "draining"}
          onPress={() => ask(node)}
        >
          {t("operator.nodes.drain")}
        </Button>
      ),
      shrink: true,
      bare: true,
    },
  ];
  return (
    <div className="z-stack">
      {isPending && <Loading />}
      {error && <Banner tone="bad">{sentenceOf(error)}</Banner>}
      {nodes.length > 0 && <Table label={t("operator.nodes.title")} columns={columns} rows={nodes} rowKey={(node) => node.id} />}
      <Ask
        title={t("operator.nodes.drainTitle", { name: asked?.host ?? "" })}
        isOpen={asked !== null}
        answer={t("operator.nodes.drain")}
        isPending={drain.isPending}
        onClose={() => ask(null)}
        onAnswer={() =>
          asked &&
          drain.mutate(asked.id, {
            onSuccess: () => showToast(t("operator.nodes.drained")),
            onError: (failure) => showToast(sentenceOf(failure), "bad"),
            onSettled: () => ask(null),
          })
        }
      >
        <p>{t("operator.nodes.drainText")}</p>
        {nodes.length === 1 && <Banner tone="warn">{t("operator.nodes.drainAlone")}</Banner>}
      </Ask>
    </div>
  );
}
