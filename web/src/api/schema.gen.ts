// Written by scripts/generate-api.mjs from /api/openapi.json. Do not edit.

/** A body and the part it takes. */
export type ActBody = {
  readonly body: string;
  readonly part: Part;
};

/** An act in a list; times in milliseconds UTC, `updated_at` is the last edit of the text or change of the card. */
export type ActCard = {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly stage: string;
  readonly lead_body: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly bodies: readonly (ActBody)[];
};

/** What the file itself would otherwise say. */
export type ActImport = {
  readonly title?: string;
  readonly kind?: string;
  readonly numbering?: "keep" | "automatic";
};

/** The new act. */
export type ActImported = {
  readonly id: string;
  readonly warnings: readonly (ImportNotice)[];
};

/** A new act; without `skeleton` it begins as a title and an empty paragraph. */
export type ActNew = {
  readonly title: string;
  readonly kind: string;
  readonly skeleton?: boolean;
};

/** An act as the caller sees it: `abilities` and `scope` are the caller's. */
export type ActOut = {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly stage: string;
  readonly lead_body: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly bodies: readonly (ActBody)[];
  readonly abilities: readonly (Action)[];
  readonly scope: Scope;
  readonly documents: readonly (DocumentOut)[];
  readonly members: readonly (MemberOut)[];
  readonly scheme: SchemeOut;
};

/** `next` is null on the last page. */
export type ActPage = {
  readonly items: readonly (ActCard)[];
  readonly next: string | null;
};

/** The new title. */
export type ActPatch = {
  readonly title: string;
};

/** `q`: words of the title. `mine`: only acts on which I hold a role. `after`: `next` of the page before. */
export type ActSearch = {
  readonly q?: string;
  readonly kind?: string;
  readonly stage?: string;
  readonly body?: string;
  readonly mine?: boolean;
  readonly after?: string;
  readonly limit?: number;
};

/** What somebody may ask to do. The first group is asked of an act, the second of the whole system. */
export type Action = "see_card" | "read" | "see_history" | "compare" | "export" | "comment" | "suggest" | "edit" | "accept" | "rename" | "freeze" | "invite" | "grant" | "state_position" | "give_opinion" | "release" | "answer" | "open_round" | "ask_visas" | "visa" | "advance" | "withdraw" | "seal" | "read_audit" | "create_act" | "administer" | "operate" | "administer_body" | "read_system_audit";

/** Враховано, враховано частково, не враховано; and why. */
export type AnswerIn = {
  readonly result: Result;
  readonly reason: string;
};

/** One answer of the lead. */
export type AnswerOut = {
  readonly result: Result;
  readonly reason: string;
  readonly who: string;
  readonly body: string;
  readonly at: number;
};

/** The approval of an act as the caller sees it. `revision` is the newest one, 0 and empty before the first. Not `assessed`: nobody has compared the positions with that revision in this answer. */
export type ApprovalOut = {
  readonly act: string;
  readonly state: string;
  readonly state_label: string;
  readonly procedure: string;
  readonly procedure_label: string;
  readonly sealed: boolean;
  readonly revision: number | null;
  readonly revision_hash: string;
  readonly open_round: number | null;
  readonly bodies: readonly (BodyRowOut)[];
  readonly lead_visas: SheetOut | null;
  readonly steps: readonly (WayOut)[];
  readonly may_state: readonly (MayStateOut)[];
  readonly timeline: readonly (MomentOut)[];
  readonly labels: LabelsOut;
  readonly assessed: boolean;
};

/** `assessed=false` answers at once, without comparing texts: positions then have no validity, and no steps are offered. */
export type ApprovalWanted = {
  readonly assessed?: boolean;
};

/** A body, the provisions it is asked about with all they hold (none: the whole package), its own deadline class if it has one. */
export type AskIn = {
  readonly body: string;
  readonly scope?: readonly (string)[];
  readonly deadline?: string;
};

/** Who sees a record: the author's body, or everyone in the act once the body has released it. */
export type Audience = "body" | "act";

/** Latest first. `intact` is about the whole scope: every event is as it was written, and none is missing. */
export type AuditPage = {
  readonly items: readonly (EventView)[];
  readonly next: number | null;
  readonly intact: boolean;
};

/** `scope`: an act's id, or `system`. `before`: the `next` of the page before. */
export type AuditWanted = {
  readonly scope?: string;
  readonly before?: number | null;
  readonly limit?: number;
};

/** What one person wrote between two places; times in milliseconds UTC. */
export type AuthorOut = {
  readonly user: string;
  readonly first_seq: number;
  readonly seq: number;
  readonly began: number;
  readonly at: number;
  readonly inserted: number;
  readonly deleted: number;
  readonly updates: number;
};

/** Who wrote most comes first. */
export type AuthorsOut = {
  readonly items: readonly (AuthorOut)[];
  readonly people: Readonly<Record<string, PersonOut>>;
};

/** The updates after `from` up to `to`. */
export type AuthorsWanted = {
  readonly part?: string;
  readonly from?: number;
  readonly to?: number;
};

/** Blocks of the text as it was after `seq`, in order; `next` goes into `begin` for the next page, null on the last. */
export type AuthorshipOut = {
  readonly seq: number;
  readonly epoch: string;
  readonly blocks: readonly (BlockOut)[];
  readonly next: number | null;
  readonly people: readonly (WriterOut)[];
  readonly proposers: readonly (ProposerOut)[];
};

/** Which part, and which of its blocks: `limit` of them from number `begin`. */
export type AuthorshipWanted = {
  readonly part?: string;
  readonly begin?: number;
  readonly limit?: number;
};

/** A unit or a cell; its passages together are its text. */
export type BlockOut = {
  readonly bid: string;
  readonly passages: readonly (PassageOut)[];
};

/** The part the body takes from now on. */
export type BodyIn = {
  readonly part: Part;
};

/** One body: asked, stated, and what that is worth now. `days_left`: working days until the deadline of a position it owes. */
export type BodyRowOut = {
  readonly body: string;
  readonly kind: RoundKind;
  readonly mandatory: boolean;
  readonly request: RequestOut | null;
  readonly position: PositionOut | null;
  readonly validity: ValidityOut | null;
  readonly days_left: number | null;
  readonly remarks: readonly (RemarkOut)[];
  readonly late: readonly (LateOut)[];
  readonly visas: SheetOut | null;
  readonly signatures: readonly (SignatureOut)[];
};

/** A body with its names and its colour (0..11). */
export type BodyView = {
  readonly code: string;
  readonly name_uk: string;
  readonly name_en: string;
  readonly short_uk: string;
  readonly short_en: string;
  readonly hue: number;
  readonly active: boolean;
};

/** Who may write which decision into the text, until when (milliseconds UTC). */
export type ClaimOut = {
  readonly by: string;
  readonly until: number;
  readonly version: number;
  readonly what: What;
};

/** A deadline class and what it is called. */
export type ClassOut = {
  readonly id: string;
  readonly label: string;
  readonly due_at: number;
};

/** A new thread at `anchor` (`schema/suggestion.json`), or about a suggestion. */
export type CommentIn = {
  readonly text: string;
  readonly mentions?: MentionsIn;
  readonly id?: string;
  readonly release?: boolean;
  readonly document: string;
  readonly anchor: Readonly<Record<string, unknown>>;
  readonly suggestion?: string;
};

/** One comment; `html` is safe to show. A deleted one has no text any more. */
export type CommentOut = {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly audience: Audience;
  readonly text: string;
  readonly html: string;
  readonly mentions: MentionsOut;
  readonly created_at: number;
  readonly edited_at: number | null;
  readonly deleted_at: number | null;
  readonly remarked: boolean;
  readonly reactions: readonly (ReactionOut)[];
};

/** The other side is the file of the request. */
export type CompareFile = {
  readonly part?: string;
  readonly format?: "json" | "html" | "table-html" | "view" | "table";
  readonly columns?: number;
  readonly from?: string;
};

/** `from` and `to`: a revision's number, `live`, `base`, or `point:SEQ` for the text after that update of the journal. */
export type CompareWanted = {
  readonly part?: string;
  readonly format?: "json" | "html" | "table-html" | "view" | "table";
  readonly columns?: number;
  readonly from: string;
  readonly to?: string;
};

/** One entry of a record's history; `at` in milliseconds UTC. */
export type DecisionOut = {
  readonly at: number;
  readonly who: string;
  readonly body: string;
  readonly what: What;
  readonly reason: string;
  readonly version: number;
};

/** A place that is not as it was written. */
export type DefectView = {
  readonly where: string;
  readonly what: string;
};

/** An account of the demonstration; `key` is what `POST /session {demo}` takes. */
export type DemoAccount = {
  readonly key: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
  readonly role: GlobalRole;
};

/** Days are whole ones, both included. */
export type DeputyNew = {
  readonly deputy: string;
  readonly signatory: string;
  readonly first_day: string;
  readonly last_day: string;
};

/** Who signs for whom, on which days. */
export type DeputyOut = {
  readonly id: string;
  readonly body: string;
  readonly signatory: string;
  readonly deputy: string;
  readonly first_day: string;
  readonly last_day: string;
  readonly named_by: string;
  readonly at: number;
  readonly revoked_at: number | null;
};

/** The deputies of a body, the newest first. */
export type DeputyPage = {
  readonly items: readonly (DeputyOut)[];
};

/** What a body has to look at: the changes from the revision it judged (`since`) to the newest one. `since` is null when it has judged none: the changes are then those of the draft in the act as it was imported. */
export type DifferenceOut = {
  readonly body: string;
  readonly since: number | null;
  readonly to: number;
  readonly to_hash: string;
  readonly position: PositionOut | null;
  readonly scope: readonly (string)[];
  readonly validity: ValidityOut | null;
  readonly changes: readonly (UnitChange)[];
  readonly summary: Readonly<Record<string, number>>;
};

/** A document: `log_length` updates since the checkpoint; `open_here` and what follows are of the process that answers. */
export type DocumentHealth = {
  readonly document: string;
  readonly act: string;
  readonly epoch: string;
  readonly sealed: boolean;
  readonly roles_version: number;
  readonly last_seq: number;
  readonly checkpoint_seq: number;
  readonly log_length: number;
  readonly log_bytes: number;
  readonly quarantined: number;
  readonly open_here: boolean;
  readonly connections: number;
  readonly pending_bytes: number;
  readonly saving_stopped: boolean;
};

/** A part named in `schema/act.json`. */
export type DocumentNew = {
  readonly part: string;
};

/** A document to connect to; `part` is empty for the main text. */
export type DocumentOut = {
  readonly id: string;
  readonly part: string;
  readonly epoch: string;
  readonly schema_version: number;
  readonly last_seq: number;
  readonly sealed: boolean;
};

/** `q`: how the document's name begins; `open`: only those with a room in this process; `before`: the last name of the page before. */
export type DocumentsWanted = {
  readonly q?: string;
  readonly open?: boolean;
  readonly before?: string;
};

/** Something that happened; people are named by id (D17), time in milliseconds UTC. */
export type EventView = {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly hash: string;
};

/** `format`: md, txt, html or json. */
export type ExportWanted = {
  readonly part?: string;
  readonly format: string;
};

/** What a person may be everywhere. */
export type GlobalRole = "" | "admin" | "body_admin" | "auditor";

/** One line of the timeline, ended at `seq`; `at` in milliseconds UTC. A `revision` has `number`, `note` and `hash`; a `point` its `reason` (daily, idle, restore); a `session` is one person's writing: from `first_seq` and `began` on, so many characters `inserted` and `deleted` in so many `updates`. */
export type HistoryEntry = {
  readonly kind: "revision" | "point" | "session";
  readonly seq: number;
  readonly at: number;
  readonly user?: string | null;
  readonly number?: number | null;
  readonly note?: string | null;
  readonly hash?: string | null;
  readonly reason?: Reason | null;
  readonly first_seq?: number | null;
  readonly began?: number | null;
  readonly inserted?: number | null;
  readonly deleted?: number | null;
  readonly updates?: number | null;
};

/** The timeline of a document, the newest first; `next` is null on the last page. */
export type HistoryOut = {
  readonly items: readonly (HistoryEntry)[];
  readonly document: string;
  readonly last_seq: number;
  readonly people: Readonly<Record<string, PersonOut>>;
  readonly next: number | null;
};

/** `before`: `next` of the page before. */
export type HistoryWanted = {
  readonly part?: string;
  readonly before?: number | null;
  readonly limit?: number;
};

/** Something to look at; `line` counts from 1 in the file, 0 is the whole file. */
export type ImportNotice = {
  readonly code: string;
  readonly line: number;
  readonly text: string;
};

/** The nearest deadline first, then the oldest. */
export type InboxOut = {
  readonly items: readonly (WaitingOut)[];
};

export type Items_BodyView = {
  readonly items: readonly (BodyView)[];
};

export type Items_DecisionOut = {
  readonly items: readonly (DecisionOut)[];
};

export type Items_DefectView = {
  readonly items: readonly (DefectView)[];
};

export type Items_DemoAccount = {
  readonly items: readonly (DemoAccount)[];
};

export type Items_DocumentHealth = {
  readonly items: readonly (DocumentHealth)[];
};

export type Items_NodeView = {
  readonly items: readonly (NodeView)[];
};

export type Items_PersonView = {
  readonly items: readonly (PersonView)[];
};

export type Items_QuarantineView = {
  readonly items: readonly (QuarantineView)[];
};

export type Items_RemarkOut = {
  readonly items: readonly (RemarkOut)[];
};

export type Items_SessionView = {
  readonly items: readonly (SessionView)[];
};

export type Items_TokenView = {
  readonly items: readonly (TokenView)[];
};

export type Items_UserView = {
  readonly items: readonly (UserView)[];
};

/** What happened to a unit. The order is that of a summary. */
export type Kind = "same" | "inserted" | "deleted" | "replaced" | "moved" | "moved_edited" | "renumbered" | "reference" | "orthographic" | "typographic" | "note";

/** What the policy calls things, for the page: states, outcomes, deadline classes by kind of round. */
export type LabelsOut = {
  readonly states: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
  readonly deadlines: Readonly<Record<string, readonly (ClassOut)[]>>;
};

/** What came after the deadline. */
export type LateNew = {
  readonly body: string;
  readonly outcome: "AGREED" | "AGREED_WITH_REMARKS" | "REFUSED" | "NOT_COMPETENT";
  readonly note: string;
};

/** A paper that came after the deadline; the position by default stands. */
export type LateOut = {
  readonly id: string;
  readonly round: number;
  readonly body: string;
  readonly outcome: Outcome;
  readonly label: string;
  readonly note: string;
  readonly signatory: string;
  readonly at: number;
};

/** The caller may state their body's position in this round; `deputy_for` is whom they stand in for. */
export type MayStateOut = {
  readonly round: number;
  readonly deputy_for: string;
};

/** The caller; `abilities` are those of the whole system, an act lists its own. */
export type Me = {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
  readonly email: string;
  readonly role: GlobalRole;
  readonly locale: string;
  readonly demo: boolean;
  readonly must_change_password: boolean;
  readonly session: string;
  readonly abilities: readonly (Action)[];
};

/** `role` adds one role; `roles` sets them all. */
export type MemberIn = {
  readonly role?: Role | null;
  readonly roles?: readonly (Role)[] | null;
};

/** A person with roles; `disabled`: they cannot sign in any more; `releases`: named to speak for their body in this act. */
export type MemberOut = {
  readonly user: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
  readonly disabled: boolean;
  readonly roles: readonly (Role)[];
  readonly releases: boolean;
};

/** People by id, bodies by code. */
export type MentionsIn = {
  readonly people?: readonly (string)[];
  readonly bodies?: readonly (string)[];
};

/** People by id, bodies by code. */
export type MentionsOut = {
  readonly people: readonly (string)[];
  readonly bodies: readonly (string)[];
};

/** A need that a step still has, in a sentence. */
export type MissingOut = {
  readonly need: Need;
  readonly why: string;
};

/** Something that happened; `actor` is `server` for what happened by itself. */
export type MomentOut = {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** The language of my pages. */
export type MyChange = {
  readonly locale: "uk" | "en";
};

/** What must hold before a transition; the service finds out, the table says which ones count. */
export type Need = "revision" | "current_revision" | "same_text" | "papers" | "visas" | "no_open_round" | "positions" | "opinion" | "answers" | "reason";

/** The present password and the one to have from now on. */
export type NewPassword = {
  readonly current: string;
  readonly new: string;
};

/** What the token is for, and for how many days; without days it stays until it is revoked. */
export type NewToken = {
  readonly name: string;
  readonly days?: number | null;
};

/** A process; `own` is the one that answers. Times in milliseconds UTC. */
export type NodeView = {
  readonly id: string;
  readonly own: boolean;
  readonly host: string;
  readonly version: string;
  readonly status: string;
  readonly started_at: number;
  readonly seen_at: number;
  readonly rooms: number;
  readonly connections: number;
  readonly pending_bytes: number;
};

/** How the visas inside a body follow each other. */
export type Order = "sequential" | "parallel";

/** A body's position. SILENT is the one nobody states. */
export type Outcome = "AGREED" | "AGREED_WITH_REMARKS" | "REFUSED" | "SILENT" | "NOT_COMPETENT";

/** `format`: html to read and print, json for the table itself. */
export type PaperWanted = {
  readonly format?: "html" | "json";
};

/** What a body is in an act. */
export type Part = "lead" | "co_developer" | "interested" | "reader";

/** Words of one author that stand together: `length` in UTF-16 units, from the first to the last moment of writing. `ids` are Yjs ids (client, first clock, count). `suggestion`: accepted rather than typed, and the author is who accepted. `initial`: what the act began with (a file, a template), and the author is who brought it. */
export type PassageOut = {
  readonly length: number;
  readonly author: string;
  readonly since: number;
  readonly at: number;
  readonly suggestion: string;
  readonly initial: boolean;
  readonly ids: readonly (readonly (unknown)[])[];
};

/** The text after update `seq`, stored `at` (milliseconds UTC); `hash` is the content hash. */
export type PastOut = {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly units: readonly (UnitOut)[];
};

/** The place in the document's journal. */
export type PastWanted = {
  readonly part?: string;
  readonly seq: number;
};

/** A new account. Without a password a temporary one is made and shown once. */
export type PersonCreate = {
  readonly email: string;
  readonly name: string;
  readonly body: string;
  readonly position?: string;
  readonly role?: GlobalRole;
};

/** The only time the temporary password is told. */
export type PersonCreated = {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
  readonly email: string;
  readonly role: GlobalRole;
  readonly demo: boolean;
  readonly must_change_password: boolean;
  readonly disabled_at: number | null;
  readonly password: string;
};

/** A person's name and body. */
export type PersonOut = {
  readonly name: string;
  readonly body: string;
};

/** Fields that are left out stay as they are. */
export type PersonPatch = {
  readonly name?: string | null;
  readonly position?: string | null;
  readonly body?: string | null;
  readonly role?: GlobalRole | null;
  readonly disabled?: boolean | null;
};

/** What an administrator sees of a person; `disabled_at` in milliseconds UTC. */
export type PersonView = {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
  readonly email: string;
  readonly role: GlobalRole;
  readonly demo: boolean;
  readonly must_change_password: boolean;
  readonly disabled_at: number | null;
};

/** The place in the journal to go back to. */
export type PointWanted = {
  readonly seq: number;
};

/** The position of a body; `revision_hash` is that of the revision its signatory has read. */
export type PositionNew = {
  readonly body: string;
  readonly outcome: "AGREED" | "AGREED_WITH_REMARKS" | "REFUSED" | "NOT_COMPETENT";
  readonly revision_hash: string;
  readonly note?: string;
  readonly remarks?: readonly (RemarkNew)[];
};

/** What a body said. `signatory` is `server` for silence; `deputy_for` is whom the signatory stood in for. */
export type PositionOut = {
  readonly round: number;
  readonly body: string;
  readonly outcome: Outcome;
  readonly label: string;
  readonly counts: boolean;
  readonly revision: number;
  readonly revision_hash: string;
  readonly note: string;
  readonly signatory: string;
  readonly deputy_for: string;
  readonly at: number;
  readonly silent: boolean;
};

/** RFC 9457, with a stable `code` and, for a form, a sentence per field. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string | null;
  readonly fields?: Readonly<Record<string, string>> | null;
};

/** Who proposed an accepted suggestion, if the caller may see it. */
export type ProposerOut = {
  readonly suggestion: string;
  readonly author: string;
  readonly body: string;
};

/** False when the document reads so already. */
export type PutBack = {
  readonly changed: boolean;
};

/** An update that could not be applied; its bytes are not shown. `at` in milliseconds UTC. */
export type QuarantineView = {
  readonly id: string;
  readonly document: string;
  readonly user: string;
  readonly rule: string;
  readonly at: number;
  readonly size_bytes: number;
};

/** What one can say without words. */
export type Reaction = "agree" | "disagree" | "thanks" | "question";

/** `given` false takes it back. */
export type ReactionIn = {
  readonly kind: Reaction;
  readonly given?: boolean;
};

/** One kind of reaction and who gave it. */
export type ReactionOut = {
  readonly kind: Reaction;
  readonly people: readonly (string)[];
};

/** Why a restore point was made. */
export type Reason = "daily" | "idle" | "restore";

/** The provision (that of the target when empty), why, and what should stand there. */
export type RemarkIn = {
  readonly text?: string;
  readonly proposed?: string;
  readonly bid?: string;
};

/** A remark with the position: the provision (empty: the whole), why, the wording the body wants. */
export type RemarkNew = {
  readonly text: string;
  readonly proposed?: string;
  readonly bid?: string;
  readonly part?: string;
};

/** A formal remark; `change` is the suggestion as it was when the remark was sent. The last answer holds. */
export type RemarkOut = {
  readonly id: string;
  readonly number: number;
  readonly document: string;
  readonly bid: string;
  readonly suggestion: string;
  readonly comment: string;
  readonly change: Readonly<Record<string, unknown>> | null;
  readonly text: string;
  readonly proposed: string;
  readonly author: string;
  readonly body: string;
  readonly at: number;
  readonly answers: readonly (AnswerOut)[];
};

/** `id` is made by the client, so that sending again changes nothing; `release`: shown to everyone in the act at once. */
export type ReplyIn = {
  readonly text: string;
  readonly mentions?: MentionsIn;
  readonly id?: string;
  readonly release?: boolean;
};

/** What a body was asked. `silent`: after `due_at` it has agreed by default. An empty scope is the whole package. */
export type RequestOut = {
  readonly round: number;
  readonly revision: number;
  readonly revision_hash: string;
  readonly body: string;
  readonly deadline: string;
  readonly deadline_label: string;
  readonly due_at: number;
  readonly days_left: number | null;
  readonly silent: boolean;
  readonly scope: readonly (string)[];
};

/** What restoring revision `number` changed. */
export type RestoredOut = {
  readonly number: number;
  readonly parts: readonly (RestoredPart)[];
};

/** One part of the act; `changed`: its text read otherwise before. */
export type RestoredPart = {
  readonly part: string;
  readonly document: string;
  readonly changed: boolean;
};

/** How the lead answers a remark: враховано, враховано частково, не враховано. */
export type Result = "accepted" | "partly" | "declined";

/** `format`: as for exports of the act. */
export type RevisionExportWanted = {
  readonly part?: string;
  readonly format: string;
};

/** Why a revision was frozen. */
export type RevisionKind = "base" | "revision";

/** `expected_hash`: the content hash of the main text as it was read; 409 when the text is another one by now. */
export type RevisionNew = {
  readonly note?: string;
  readonly expected_hash?: string;
};

/** A revision without its text; number 0 is the imported base. `created_at` in milliseconds UTC. */
export type RevisionOut = {
  readonly number: number;
  readonly hash: string;
  readonly previous_hash: string;
  readonly content_hash: string;
  readonly kind: RevisionKind;
  readonly title: string;
  readonly note: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly parts: readonly (RevisionPartOut)[];
};

/** All revisions, the newest first. */
export type RevisionPage = {
  readonly items: readonly (RevisionOut)[];
};

/** One frozen document; `part` is empty for the main text, `seq` its place in the journal. */
export type RevisionPartOut = {
  readonly part: string;
  readonly document: string;
  readonly seq: number;
  readonly content_hash: string;
};

/** A revision with one part's text. */
export type RevisionTextOut = {
  readonly number: number;
  readonly hash: string;
  readonly previous_hash: string;
  readonly content_hash: string;
  readonly kind: RevisionKind;
  readonly title: string;
  readonly note: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly parts: readonly (RevisionPartOut)[];
  readonly part: string;
  readonly units: readonly (UnitOut)[];
};

/** How many sessions have ended. */
export type Revoked = {
  readonly revoked: number;
};

/** What a person may be on an act; a person can hold several. */
export type Role = "lead" | "drafter" | "reviewer" | "signatory" | "legal" | "reader";

/** What bodies are asked for. */
export type RoundKind = "approval" | "legal";

/** A round on exactly this revision; `deadline` is a class of the policy, empty for the usual one. */
export type RoundNew = {
  readonly revision: number;
  readonly revision_hash?: string;
  readonly kind?: RoundKind;
  readonly deadline?: string;
  readonly note?: string;
  readonly requests: readonly (AskIn)[];
};

/** One circulation of one revision. `ended` is empty while it runs. */
export type RoundOut = {
  readonly number: number;
  readonly kind: RoundKind;
  readonly revision: number;
  readonly revision_hash: string;
  readonly note: string;
  readonly opened_by: string;
  readonly opened_at: number;
  readonly ended: string;
  readonly ended_at: number;
  readonly requests: readonly (RequestOut)[];
  readonly positions: readonly (PositionOut)[];
};

/** The rounds of an act, the first one first. */
export type RoundPage = {
  readonly items: readonly (RoundOut)[];
};

/** What a body said last; null: it was asked and has not answered. */
export type SaidOut = {
  readonly body: string;
  readonly outcome: Outcome | null;
};

/** The numbering scheme of the act, pinned by hash; `data` is what the editor numbers with. */
export type SchemeOut = {
  readonly id: string;
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What a connection may send into a document. */
export type Scope = "write" | "suggest" | "read" | "none";

/** What was signed. */
export type SealIn = {
  readonly revision: number;
  readonly revision_hash: string;
};

/** The seal. */
export type SealOut = {
  readonly revision: number;
  readonly revision_hash: string;
  readonly sealed_by: string;
  readonly at: number;
};

/** `token` only when it was asked for. */
export type SessionStarted = {
  readonly user: string;
  readonly expires_at: number;
  readonly must_change_password: boolean;
  readonly token: string | null;
};

/** A signed-in device; times in milliseconds UTC. */
export type SessionView = {
  readonly id: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
  readonly user_agent: string;
  readonly address: string;
  readonly shared_computer: boolean;
  readonly current: boolean;
};

/** Visas inside a body on a revision; `next` is whose turn it is. */
export type SheetOut = {
  readonly revision: number;
  readonly body: string;
  readonly number: number;
  readonly order: Order;
  readonly people: readonly (string)[];
  readonly next: readonly (string)[];
  readonly asked_by: string;
  readonly at: number;
  readonly visas: readonly (VisaOut)[];
};

/** E-mail and password; or `demo`, the key of a demo account (`GET /demo`). */
export type SignIn = {
  readonly email?: string;
  readonly password?: string;
  readonly demo?: string | null;
  readonly shared_computer?: boolean;
  readonly token?: boolean;
};

/** The body whose position was signed; the file is the detached signature. */
export type SignatureIn = {
  readonly body: string;
};

/** A detached signature; `verification` is `not_verified` until somebody verifies such signatures for us. */
export type SignatureOut = {
  readonly id: string;
  readonly round: number;
  readonly body: string;
  readonly revision_hash: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly verification: string;
  readonly added_by: string;
  readonly at: number;
};

/** How far the approval of an act has come; `round` 0: none is open; `due_at` 0: no deadline runs. */
export type StandingOut = {
  readonly act: string;
  readonly round: number;
  readonly said: readonly (SaidOut)[];
  readonly due_at: number;
  readonly days_left: number | null;
};

/** Those of the acts that were ever sent to a body and that the caller may know of. */
export type StandingPage = {
  readonly items: readonly (StandingOut)[];
};

/** Ids of acts, with commas between them; at most 100. */
export type StandingsWanted = {
  readonly acts: string;
};

/** Where a record stands. */
export type Status = "open" | "accepted" | "rejected" | "withdrawn" | "stale";

/** A step of the procedure; `revision` is the one the caller looks at. */
export type StepIn = {
  readonly verb: Verb;
  readonly reason?: string;
  readonly revision?: number | null;
};

/** What its author says; `change` by `kind` as in `schema/suggestion.json`. `version` is the one it replaces, 0 for a new record. */
export type SuggestionIn = {
  readonly id: string;
  readonly document: string;
  readonly kind: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly group?: string;
  readonly version?: number;
};

/** A record; of two with the same id the one with the higher `stamp` is the newer. `decided` is the last decision about it. */
export type SuggestionOut = {
  readonly id: string;
  readonly document: string;
  readonly kind: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly group: string;
  readonly author: string;
  readonly body: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly version: number;
  readonly stamp: number;
  readonly status: Status;
  readonly audience: Audience;
  readonly claim: ClaimOut | null;
  readonly remarked: boolean;
  readonly decided: DecisionOut | null;
};

/** By id; `next` goes into `after` for the next page, null on the last. */
export type SuggestionPage = {
  readonly items: readonly (SuggestionOut)[];
  readonly next: string | null;
};

/** Empty asks for nothing. */
export type SuggestionSearch = {
  readonly document?: string;
  readonly status?: Status | null;
  readonly author?: string;
  readonly after?: string;
  readonly limit?: number;
};

/** Shown once; the person must choose another at the next sign-in. */
export type TemporaryPassword = {
  readonly password: string;
};

/** The saved text; `hash` is the content hash. */
export type TextOut = {
  readonly seq: number;
  readonly hash: string;
  readonly units: readonly (UnitOut)[];
};

/** A thread with the comments the caller sees; of two with the same id the one with the higher `stamp` is the newer. */
export type ThreadOut = {
  readonly id: string;
  readonly document: string;
  readonly anchor: Readonly<Record<string, unknown>>;
  readonly suggestion: string;
  readonly author: string;
  readonly body: string;
  readonly audience: Audience;
  readonly status: "open" | "resolved";
  readonly resolved_by: string | null;
  readonly resolved_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly stamp: number;
  readonly comments: readonly (CommentOut)[];
};

/** By id; `next` goes into `after` for the next page, null on the last. */
export type ThreadPage = {
  readonly items: readonly (ThreadOut)[];
  readonly next: string | null;
};

/** Empty asks for nothing. */
export type ThreadSearch = {
  readonly document?: string;
  readonly suggestion?: string;
  readonly after?: string;
  readonly limit?: number;
};

/** A secret that opens one act for 60 seconds; time in milliseconds UTC. */
export type TicketView = {
  readonly ticket: string;
  readonly expires_at: number;
};

/** The only time the secret is told. */
export type TokenCreated = {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
  readonly expires_at: number | null;
  readonly token: string;
};

/** An API token without its secret; times in milliseconds UTC. */
export type TokenView = {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
  readonly expires_at: number | null;
};

/** A provision that changed: `place` is the way to it ("Стаття 18, пункт 9"), `words` are as in a comparison. `weight` says what the change does to positions. */
export type UnitChange = {
  readonly part: string;
  readonly bid: string;
  readonly kind: Kind;
  readonly unit: string;
  readonly label: string;
  readonly old_label: string;
  readonly place: string;
  readonly words: readonly (readonly (unknown)[])[];
  readonly weight: Weight;
  readonly in_scope: boolean;
};

/** One unit; table rows are of kind `row`, their cells joined by a tab. */
export type UnitOut = {
  readonly bid: string;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
};

/** Words of a name, position or e-mail; people of one body only. */
export type UserSearch = {
  readonly q?: string;
  readonly body?: string;
};

/** What everybody may know of a person. */
export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  readonly body: string;
};

/** What a position is worth on the newest revision: чинна, потребує перегляду, втратила чинність. */
export type Validity = "valid" | "look" | "stale";

/** What a position is worth on the newest revision: `valid`, `look`, `stale`, with the reason and the provisions behind it. */
export type ValidityOut = {
  readonly state: Validity;
  readonly reason: string;
  readonly units: readonly (UnitChange)[];
};

/** What moves an act from one state to another. */
export type Verb = "start_visas" | "open_round" | "close_round" | "open_legal" | "close_legal" | "close_legal_remarks" | "rework" | "submit" | "to_committee" | "adopt" | "return" | "seal" | "publish" | "declare_emergency" | "withdraw";

/** The version that was looked at; another one now is a conflict. */
export type VerbIn = {
  readonly version: number;
  readonly reason?: string;
};

/** `note` is needed for an objection. */
export type VisaIn = {
  readonly result: VisaResult;
  readonly note?: string;
};

/** What somebody said. */
export type VisaOut = {
  readonly user: string;
  readonly result: VisaResult;
  readonly note: string;
  readonly at: number;
};

/** What a person says on a sheet. */
export type VisaResult = "agreed" | "objected";

/** Whom the caller's body asks, in this order. */
export type VisasIn = {
  readonly order?: Order;
  readonly people: readonly (string)[];
};

/** What somebody is asked to do. */
export type Wait = "state_position" | "give_opinion" | "give_visa" | "answer_remarks" | "decide_suggestions" | "name_signatory";

/** One thing that waits for the caller; `due_at` 0 and `days_left` null: without a deadline. */
export type WaitingOut = {
  readonly what: Wait;
  readonly act: string;
  readonly title: string;
  readonly lead_body: string;
  readonly round: number;
  readonly revision: number;
  readonly count: number;
  readonly due_at: number;
  readonly days_left: number | null;
  readonly since: number;
  readonly asked_by: string;
  readonly signed_for: string;
};

/** A step the caller may make here; with `missing` it waits for something. */
export type WayOut = {
  readonly verb: Verb;
  readonly missing: readonly (MissingOut)[];
};

/** What a change does where it stands. */
export type Weight = "none" | "look" | "stale";

/** What was decided about a record. */
export type What = "released" | "accepted" | "rejected" | "reopened" | "withdrawn" | "edited";

/** Empty for the main text. */
export type WhichPart = {
  readonly part?: string;
};

/** Markdown, and whom it calls. */
export type WordsIn = {
  readonly text: string;
  readonly mentions?: MentionsIn;
};

/** A person as they are called now. */
export type WriterOut = {
  readonly id: string;
  readonly name: string;
  readonly body: string;
};

export interface Operations {
  /** Sign in */
  sign_in: {
    path: undefined;
    query: undefined;
    body: SignIn;
    answer: SessionStarted;
  };
  /** Sign out */
  sign_out: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The devices I am signed in on */
  list_sessions: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_SessionView;
  };
  /** Sign out everywhere else */
  revoke_other_sessions: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Revoked;
  };
  /** Sign out one device */
  revoke_session: {
    path: { readonly session_id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** My API tokens */
  list_tokens: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_TokenView;
  };
  /** A new API token */
  create_token: {
    path: undefined;
    query: undefined;
    body: NewToken;
    answer: TokenCreated;
  };
  /** Revoke an API token */
  revoke_token: {
    path: { readonly token_id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** A ticket for one act */
  create_ticket: {
    path: { readonly act_id: string };
    query: undefined;
    body: undefined;
    answer: TicketView;
  };
  /** Change my password */
  change_password: {
    path: undefined;
    query: undefined;
    body: NewPassword;
    answer: undefined;
  };
  /** Ministries and other bodies */
  list_bodies: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_BodyView;
  };
  /** Who I am */
  read_me: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Me;
  };
  /** Change my language */
  change_me: {
    path: undefined;
    query: undefined;
    body: MyChange;
    answer: Me;
  };
  /** Find people to invite */
  search_users: {
    path: undefined;
    query: { readonly q?: string; readonly body?: string };
    body: undefined;
    answer: Items_UserView;
  };
  /** The people I administer */
  list_people: {
    path: undefined;
    query: { readonly q?: string; readonly body?: string };
    body: undefined;
    answer: Items_PersonView;
  };
  /** A new account with a temporary password */
  create_person: {
    path: undefined;
    query: undefined;
    body: PersonCreate;
    answer: PersonCreated;
  };
  /** Rename, move, disable, give a role */
  change_person: {
    path: { readonly user_id: string };
    query: undefined;
    body: PersonPatch;
    answer: PersonView;
  };
  /** A temporary password */
  reset_password: {
    path: { readonly user_id: string };
    query: undefined;
    body: undefined;
    answer: TemporaryPassword;
  };
  /** The demo accounts, when there are any */
  list_demo_accounts: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_DemoAccount;
  };
  /** What people did */
  read_audit: {
    path: undefined;
    query: { readonly scope?: string; readonly before?: number | null; readonly limit?: number };
    body: undefined;
    answer: AuditPage;
  };
  /** The processes that are there */
  list_nodes: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_NodeView;
  };
  /** A process sends its people to others */
  drain_node: {
    path: { readonly node: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** How documents are */
  list_document_health: {
    path: undefined;
    query: { readonly q?: string; readonly open?: boolean; readonly before?: string };
    body: undefined;
    answer: Items_DocumentHealth;
  };
  /** Whether a document's act is as it was written */
  verify_document: {
    path: { readonly document: string };
    query: undefined;
    body: undefined;
    answer: Items_DefectView;
  };
  /** Make a document read as after an earlier change */
  restore_document: {
    path: { readonly document: string };
    query: undefined;
    body: PointWanted;
    answer: PutBack;
  };
  /** Changes that could not be applied */
  list_quarantine: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Items_QuarantineView;
  };
  /** Try a change again */
  release_quarantined: {
    path: { readonly id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Give a change up */
  discard_quarantined: {
    path: { readonly id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The acts I may see */
  list_acts: {
    path: undefined;
    query: { readonly q?: string; readonly kind?: string; readonly stage?: string; readonly body?: string; readonly mine?: boolean; readonly after?: string; readonly limit?: number };
    body: undefined;
    answer: ActPage;
  };
  /** A new act, led by my body */
  create_act: {
    path: undefined;
    query: undefined;
    body: ActNew;
    answer: ActOut;
  };
  /** A file as a new act */
  import_act: {
    path: undefined;
    query: undefined;
    body: {
      readonly file: Blob;
      readonly title?: string;
      readonly kind?: string;
      readonly numbering?: "keep" | "automatic";
    };
    answer: ActImported;
  };
  /** An act without its text */
  read_act: {
    path: { readonly act_id: string };
    query: undefined;
    body: undefined;
    answer: ActOut;
  };
  /** Another title */
  rename_act: {
    path: { readonly act_id: string };
    query: undefined;
    body: ActPatch;
    answer: ActOut;
  };
  /** Another part of the package */
  add_part: {
    path: { readonly act_id: string };
    query: undefined;
    body: DocumentNew;
    answer: ActOut;
  };
  /** Give a person roles */
  set_member: {
    path: { readonly act_id: string; readonly user_id: string };
    query: undefined;
    body: MemberIn;
    answer: ActOut;
  };
  /** Take all roles of a person */
  remove_member: {
    path: { readonly act_id: string; readonly user_id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** A person of my body speaks for it */
  name_releaser: {
    path: { readonly act_id: string; readonly user_id: string };
    query: undefined;
    body: undefined;
    answer: ActOut;
  };
  /** … and speaks for it no more */
  remove_releaser: {
    path: { readonly act_id: string; readonly user_id: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The part a body takes */
  set_body: {
    path: { readonly act_id: string; readonly code: string };
    query: undefined;
    body: BodyIn;
    answer: ActOut;
  };
  /** A body and its people take no part any more */
  remove_body: {
    path: { readonly act_id: string; readonly code: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The saved text, unit by unit */
  read_text: {
    path: { readonly act_id: string };
    query: { readonly part?: string };
    body: undefined;
    answer: TextOut;
  };
  /** The saved text as a file */
  export_act: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly format: string };
    body: undefined;
    answer: Blob;
  };
  /** The suggestions I may see */
  list_suggestions: {
    path: { readonly act_id: string };
    query: { readonly document?: string; readonly status?: Status | null; readonly author?: string; readonly after?: string; readonly limit?: number };
    body: undefined;
    answer: SuggestionPage;
  };
  /** A new suggestion, or what I propose instead */
  put_suggestion: {
    path: { readonly act_id: string };
    query: undefined;
    body: SuggestionIn;
    answer: SuggestionOut;
  };
  /** Everything that was decided about it */
  list_decisions: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: undefined;
    answer: Items_DecisionOut;
  };
  /** Claim it for a minute, to write it into the text */
  accept_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: VerbIn;
    answer: SuggestionOut;
  };
  /** The text stays as it is */
  reject_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: VerbIn;
    answer: SuggestionOut;
  };
  /** I take it back */
  withdraw_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: VerbIn;
    answer: SuggestionOut;
  };
  /** My body shows it to everyone in the act */
  release_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: VerbIn;
    answer: SuggestionOut;
  };
  /** Open again; an accepted one is claimed, to take it out of the text */
  reopen_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: VerbIn;
    answer: SuggestionOut;
  };
  /** Who wrote which words, and when */
  read_authorship: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly begin?: number; readonly limit?: number };
    body: undefined;
    answer: AuthorshipOut;
  };
  /** The revisions, the newest first */
  list_revisions: {
    path: { readonly act_id: string };
    query: undefined;
    body: undefined;
    answer: RevisionPage;
  };
  /** Freeze the saved text as the next revision */
  freeze_revision: {
    path: { readonly act_id: string };
    query: undefined;
    body: RevisionNew;
    answer: RevisionOut;
  };
  /** A revision, unit by unit */
  read_revision: {
    path: { readonly act_id: string; readonly number: string };
    query: { readonly part?: string };
    body: undefined;
    answer: RevisionTextOut;
  };
  /** A revision as a file */
  export_revision: {
    path: { readonly act_id: string; readonly number: string };
    query: { readonly part?: string; readonly format: string };
    body: undefined;
    answer: Blob;
  };
  /** Make the text read as in a revision, by an ordinary edit */
  restore_revision: {
    path: { readonly act_id: string; readonly number: string };
    query: undefined;
    body: undefined;
    answer: RestoredOut;
  };
  /** Revisions, restore points and who wrote between them */
  read_history: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly before?: number | null; readonly limit?: number };
    body: undefined;
    answer: HistoryOut;
  };
  /** Who wrote how much between two places */
  read_authors: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly from?: number; readonly to?: number };
    body: undefined;
    answer: AuthorsOut;
  };
  /** The text at a place of the journal */
  read_past: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly seq: number };
    body: undefined;
    answer: PastOut;
  };
  /** What changed between two texts of the act */
  compare: {
    path: { readonly act_id: string };
    query: { readonly part?: string; readonly format?: "json" | "html" | "table-html" | "view" | "table"; readonly columns?: number; readonly from: string; readonly to?: string };
    body: undefined;
    answer: Blob;
  };
  /** What changed between a text of the act and a file */
  compare_file: {
    path: { readonly act_id: string };
    query: undefined;
    body: {
      readonly file: Blob;
      readonly part?: string;
      readonly format?: "json" | "html" | "table-html" | "view" | "table";
      readonly columns?: number;
      readonly from?: string;
    };
    answer: Blob;
  };
  /** Where the act stands, one row per body, the timeline */
  read_approval: {
    path: { readonly act_id: string };
    query: { readonly assessed?: boolean };
    body: undefined;
    answer: ApprovalOut;
  };
  /** Send a revision to the bodies */
  open_round: {
    path: { readonly act_id: string };
    query: undefined;
    body: RoundNew;
    answer: RoundOut;
  };
  /** The rounds of an act */
  list_rounds: {
    path: { readonly act_id: string };
    query: undefined;
    body: undefined;
    answer: RoundPage;
  };
  /** One round with its requests and positions */
  read_round: {
    path: { readonly act_id: string; readonly round: string };
    query: undefined;
    body: undefined;
    answer: RoundOut;
  };
  /** My body's position on the revision I read */
  state_position: {
    path: { readonly act_id: string; readonly round: string };
    query: undefined;
    body: PositionNew;
    answer: PositionOut;
  };
  /** What came after the deadline, kept beside it */
  add_late_position: {
    path: { readonly act_id: string; readonly round: string };
    query: undefined;
    body: LateNew;
    answer: LateOut;
  };
  /** What changed since the revision a body judged */
  read_difference: {
    path: { readonly act_id: string; readonly round: string; readonly code: string };
    query: undefined;
    body: undefined;
    answer: DifferenceOut;
  };
  /** protocol, disagreements, comparative or positions, to read and print */
  read_paper: {
    path: { readonly act_id: string; readonly round: string; readonly kind: string };
    query: { readonly format?: "html" | "json" };
    body: undefined;
    answer: Blob;
  };
  /** A detached signature of my position */
  attach_signature: {
    path: { readonly act_id: string; readonly round: string };
    query: undefined;
    body: {
      readonly file: Blob;
      readonly body?: string;
    };
    answer: SignatureOut;
  };
  /** The file of a signature */
  read_signature: {
    path: { readonly act_id: string; readonly signature: string };
    query: undefined;
    body: undefined;
    answer: Blob;
  };
  /** A step of the procedure: submit, return, withdraw … */
  advance_act: {
    path: { readonly act_id: string };
    query: undefined;
    body: StepIn;
    answer: ApprovalOut;
  };
  /** The act is signed: nothing changes any more */
  seal_act: {
    path: { readonly act_id: string };
    query: undefined;
    body: SealIn;
    answer: SealOut;
  };
  /** Ask people of my body for their visas on a revision */
  ask_visas: {
    path: { readonly act_id: string; readonly number: string };
    query: undefined;
    body: VisasIn;
    answer: SheetOut;
  };
  /** My visa on a revision */
  give_visa: {
    path: { readonly act_id: string; readonly number: string };
    query: undefined;
    body: VisaIn;
    answer: SheetOut;
  };
  /** Who signs for whom in my body */
  list_deputies: {
    path: { readonly code: string };
    query: undefined;
    body: undefined;
    answer: DeputyPage;
  };
  /** Somebody signs for a signatory on given days */
  name_deputy: {
    path: { readonly code: string };
    query: undefined;
    body: DeputyNew;
    answer: DeputyOut;
  };
  /** They sign for nobody any more */
  revoke_deputy: {
    path: { readonly code: string; readonly deputy: string };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** How far the approval of these acts has come */
  list_standings: {
    path: undefined;
    query: { readonly acts: string };
    body: undefined;
    answer: StandingPage;
  };
  /** What waits for me */
  read_inbox: {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: InboxOut;
  };
  /** The threads I may see */
  list_comments: {
    path: { readonly act_id: string };
    query: { readonly document?: string; readonly suggestion?: string; readonly after?: string; readonly limit?: number };
    body: undefined;
    answer: ThreadPage;
  };
  /** A comment on a place of the text */
  begin_thread: {
    path: { readonly act_id: string };
    query: undefined;
    body: CommentIn;
    answer: ThreadOut;
  };
  /** One more comment of a thread */
  reply_to_thread: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: ReplyIn;
    answer: ThreadOut;
  };
  /** Other words for my comment */
  edit_comment: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: WordsIn;
    answer: ThreadOut;
  };
  /** My words go; that there were some stays */
  delete_comment: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: undefined;
    answer: ThreadOut;
  };
  /** Everyone in the act sees it */
  release_comment: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: undefined;
    answer: ThreadOut;
  };
  /** The thread is settled */
  resolve_thread: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: undefined;
    answer: ThreadOut;
  };
  /** The thread is open again */
  reopen_thread: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: undefined;
    answer: ThreadOut;
  };
  /** A reaction, given or taken back */
  react_to_comment: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: ReactionIn;
    answer: ThreadOut;
  };
  /** My body sends it as a formal remark */
  remark_comment: {
    path: { readonly act_id: string; readonly comment_id: string };
    query: undefined;
    body: RemarkIn;
    answer: RemarkOut;
  };
  /** My body sends it as a formal remark */
  remark_suggestion: {
    path: { readonly act_id: string; readonly suggestion_id: string };
    query: undefined;
    body: RemarkIn;
    answer: RemarkOut;
  };
  /** The formal remarks of the bodies */
  list_remarks: {
    path: { readonly act_id: string };
    query: undefined;
    body: undefined;
    answer: Items_RemarkOut;
  };
  /** The lead's answer to a remark */
  answer_remark: {
    path: { readonly act_id: string; readonly remark_id: string };
    query: undefined;
    body: AnswerIn;
    answer: RemarkOut;
  };
}

export const PLACES: { readonly [Name in keyof Operations]: { readonly method: string; readonly path: string } } = {
  sign_in: { method: "POST", path: "/api/v1/session" },
  sign_out: { method: "DELETE", path: "/api/v1/session" },
  list_sessions: { method: "GET", path: "/api/v1/sessions" },
  revoke_other_sessions: { method: "DELETE", path: "/api/v1/sessions" },
  revoke_session: { method: "DELETE", path: "/api/v1/sessions/{session_id}" },
  list_tokens: { method: "GET", path: "/api/v1/tokens" },
  create_token: { method: "POST", path: "/api/v1/tokens" },
  revoke_token: { method: "DELETE", path: "/api/v1/tokens/{token_id}" },
  create_ticket: { method: "POST", path: "/api/v1/acts/{act_id}/ticket" },
  change_password: { method: "POST", path: "/api/v1/me/password" },
  list_bodies: { method: "GET", path: "/api/v1/bodies" },
  read_me: { method: "GET", path: "/api/v1/me" },
  change_me: { method: "PATCH", path: "/api/v1/me" },
  search_users: { method: "GET", path: "/api/v1/users" },
  list_people: { method: "GET", path: "/api/v1/people" },
  create_person: { method: "POST", path: "/api/v1/people" },
  change_person: { method: "PATCH", path: "/api/v1/people/{user_id}" },
  reset_password: { method: "POST", path: "/api/v1/people/{user_id}/password" },
  list_demo_accounts: { method: "GET", path: "/api/v1/demo" },
  read_audit: { method: "GET", path: "/api/v1/audit" },
  list_nodes: { method: "GET", path: "/api/v1/operator/nodes" },
  drain_node: { method: "POST", path: "/api/v1/operator/nodes/{node}/drain" },
  list_document_health: { method: "GET", path: "/api/v1/operator/documents" },
  verify_document: { method: "POST", path: "/api/v1/operator/documents/{document}/verify" },
  restore_document: { method: "POST", path: "/api/v1/operator/documents/{document}/restore" },
  list_quarantine: { method: "GET", path: "/api/v1/operator/quarantine" },
  release_quarantined: { method: "POST", path: "/api/v1/operator/quarantine/{id}/release" },
  discard_quarantined: { method: "POST", path: "/api/v1/operator/quarantine/{id}/discard" },
  list_acts: { method: "GET", path: "/api/v1/acts" },
  create_act: { method: "POST", path: "/api/v1/acts" },
  import_act: { method: "POST", path: "/api/v1/acts/import" },
  read_act: { method: "GET", path: "/api/v1/acts/{act_id}" },
  rename_act: { method: "PATCH", path: "/api/v1/acts/{act_id}" },
  add_part: { method: "POST", path: "/api/v1/acts/{act_id}/documents" },
  set_member: { method: "PUT", path: "/api/v1/acts/{act_id}/members/{user_id}" },
  remove_member: { method: "DELETE", path: "/api/v1/acts/{act_id}/members/{user_id}" },
  name_releaser: { method: "PUT", path: "/api/v1/acts/{act_id}/releasers/{user_id}" },
  remove_releaser: { method: "DELETE", path: "/api/v1/acts/{act_id}/releasers/{user_id}" },
  set_body: { method: "PUT", path: "/api/v1/acts/{act_id}/bodies/{code}" },
  remove_body: { method: "DELETE", path: "/api/v1/acts/{act_id}/bodies/{code}" },
  read_text: { method: "GET", path: "/api/v1/acts/{act_id}/text" },
  export_act: { method: "GET", path: "/api/v1/acts/{act_id}/export" },
  list_suggestions: { method: "GET", path: "/api/v1/acts/{act_id}/suggestions" },
  put_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions" },
  list_decisions: { method: "GET", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/decisions" },
  accept_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/accept" },
  reject_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/reject" },
  withdraw_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/withdraw" },
  release_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/release" },
  reopen_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/reopen" },
  read_authorship: { method: "GET", path: "/api/v1/acts/{act_id}/authorship" },
  list_revisions: { method: "GET", path: "/api/v1/acts/{act_id}/revisions" },
  freeze_revision: { method: "POST", path: "/api/v1/acts/{act_id}/revisions" },
  read_revision: { method: "GET", path: "/api/v1/acts/{act_id}/revisions/{number}" },
  export_revision: { method: "GET", path: "/api/v1/acts/{act_id}/revisions/{number}/export" },
  restore_revision: { method: "POST", path: "/api/v1/acts/{act_id}/revisions/{number}/restore" },
  read_history: { method: "GET", path: "/api/v1/acts/{act_id}/history" },
  read_authors: { method: "GET", path: "/api/v1/acts/{act_id}/history/authors" },
  read_past: { method: "GET", path: "/api/v1/acts/{act_id}/history/at" },
  compare: { method: "GET", path: "/api/v1/acts/{act_id}/compare" },
  compare_file: { method: "POST", path: "/api/v1/acts/{act_id}/compare" },
  read_approval: { method: "GET", path: "/api/v1/acts/{act_id}/approval" },
  open_round: { method: "POST", path: "/api/v1/acts/{act_id}/rounds" },
  list_rounds: { method: "GET", path: "/api/v1/acts/{act_id}/rounds" },
  read_round: { method: "GET", path: "/api/v1/acts/{act_id}/rounds/{round}" },
  state_position: { method: "POST", path: "/api/v1/acts/{act_id}/rounds/{round}/positions" },
  add_late_position: { method: "POST", path: "/api/v1/acts/{act_id}/rounds/{round}/late" },
  read_difference: { method: "GET", path: "/api/v1/acts/{act_id}/rounds/{round}/bodies/{code}/difference" },
  read_paper: { method: "GET", path: "/api/v1/acts/{act_id}/rounds/{round}/papers/{kind}" },
  attach_signature: { method: "POST", path: "/api/v1/acts/{act_id}/rounds/{round}/signatures" },
  read_signature: { method: "GET", path: "/api/v1/acts/{act_id}/signatures/{signature}" },
  advance_act: { method: "POST", path: "/api/v1/acts/{act_id}/steps" },
  seal_act: { method: "POST", path: "/api/v1/acts/{act_id}/seal" },
  ask_visas: { method: "PUT", path: "/api/v1/acts/{act_id}/revisions/{number}/visas" },
  give_visa: { method: "POST", path: "/api/v1/acts/{act_id}/revisions/{number}/visas" },
  list_deputies: { method: "GET", path: "/api/v1/bodies/{code}/deputies" },
  name_deputy: { method: "POST", path: "/api/v1/bodies/{code}/deputies" },
  revoke_deputy: { method: "DELETE", path: "/api/v1/bodies/{code}/deputies/{deputy}" },
  list_standings: { method: "GET", path: "/api/v1/approvals" },
  read_inbox: { method: "GET", path: "/api/v1/inbox" },
  list_comments: { method: "GET", path: "/api/v1/acts/{act_id}/comments" },
  begin_thread: { method: "POST", path: "/api/v1/acts/{act_id}/comments" },
  reply_to_thread: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/replies" },
  edit_comment: { method: "PATCH", path: "/api/v1/acts/{act_id}/comments/{comment_id}" },
  delete_comment: { method: "DELETE", path: "/api/v1/acts/{act_id}/comments/{comment_id}" },
  release_comment: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/release" },
  resolve_thread: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/resolve" },
  reopen_thread: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/reopen" },
  react_to_comment: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/reactions" },
  remark_comment: { method: "POST", path: "/api/v1/acts/{act_id}/comments/{comment_id}/remark" },
  remark_suggestion: { method: "POST", path: "/api/v1/acts/{act_id}/suggestions/{suggestion_id}/remark" },
  list_remarks: { method: "GET", path: "/api/v1/acts/{act_id}/remarks" },
  answer_remark: { method: "POST", path: "/api/v1/acts/{act_id}/remarks/{remark_id}/answer" },
};
