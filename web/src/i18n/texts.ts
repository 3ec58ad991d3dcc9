/** Every text of the interface, in both languages; `words.test.ts` keeps the two complete and equal in keys. */
import enActs from "./en/acts.json";
import enApp from "./en/app.json";
import enApproval from "./en/approval.json";
import enAuthorship from "./en/authorship.json";
import enCards from "./en/cards.json";
import enComments from "./en/comments.json";
import enCompare from "./en/compare.json";
import enEditor from "./en/editor.json";
import enErrors from "./en/errors.json";
import enHistory from "./en/history.json";
import enHome from "./en/home.json";
import enOperator from "./en/operator.json";
import enPeople from "./en/people.json";
import enReview from "./en/review.json";
import enSync from "./en/sync.json";
import enUi from "./en/ui.json";
import ukActs from "./uk/acts.json";
import ukApp from "./uk/app.json";
import ukApproval from "./uk/approval.json";
import ukAuthorship from "./uk/authorship.json";
import ukCards from "./uk/cards.json";
import ukComments from "./uk/comments.json";
import ukCompare from "./uk/compare.json";
import ukEditor from "./uk/editor.json";
import ukErrors from "./uk/errors.json";
import ukHistory from "./uk/history.json";
import ukHome from "./uk/home.json";
import ukOperator from "./uk/operator.json";
import ukPeople from "./uk/people.json";
import ukReview from "./uk/review.json";
import ukSync from "./uk/sync.json";
import ukUi from "./uk/ui.json";

export const uk = {
  ui: ukUi,
  app: ukApp,
  errors: ukErrors,
  home: ukHome,
  acts: ukActs,
  people: ukPeople,
  operator: ukOperator,
  review: ukReview,
  sync: ukSync,
  editor: ukEditor,
  cards: ukCards,
  comments: ukComments,
  compare: ukCompare,
  history: ukHistory,
  approval: ukApproval,
  authorship: ukAuthorship,
};
export const en = {
  ui: enUi,
  app: enApp,
  errors: enErrors,
  home: enHome,
  acts: enActs,
  people: enPeople,
  operator: enOperator,
  review: enReview,
  sync: enSync,
  editor: enEditor,
  cards: enCards,
  comments: enComments,
  compare: enCompare,
  history: enHistory,
  approval: enApproval,
  authorship: enAuthorship,
};

export type Texts = typeof uk;
