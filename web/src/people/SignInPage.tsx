import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { type Answer, call } from "../api/client";
import { hasStatus, sentenceOf } from "../api/problems";
import { useMeQuery, useSignIn } from "../api/session";
import { Banner, Person } from "../ui/Pieces";
import { useTitle } from "../ui/useTitle";
import { Door } from "./Door";
import { SignInForm } from "./SignInForm";

/** Only a way within this site is followed after signing in. */
function safeNext(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/";
}

export function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const { data: me } = useMeQuery();
  const next = safeNext(search.get("next"));
  const done = () => void navigate(next, { replace: true });
  useTitle(t("people.signIn.title"));
  if (me) return <Navigate to={next} replace />;
  return (
    <Door title={t("people.signIn.title")}>
      <SignInForm onDone={done} />
      <p className="z-help">{t("people.signIn.forgot")}</p>
      <DemoAccounts onDone={done} />
    </Door>
  );
}

async function readDemo(): Promise<Answer<"list_demo_accounts">["items"]> {
  try {
    return (await call("list_demo_accounts", {})).items;
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}

function DemoAccounts({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const [problem, setProblem] = useState("");
  const { data: accounts = [] } = useQuery({ queryKey: ["demo"], queryFn: readDemo, staleTime: Number.POSITIVE_INFINITY });
  if (accounts.length === 0) return null;
  const enter = (key: string) => signIn({ demo: key }).then(onDone, (error: unknown) => setProblem(sentenceOf(error)));
  return (
    <section className="z-demo">
      <h2>{t("people.signIn.demo")}</h2>
      <p className="z-help">{t("people.signIn.demoText")}</p>
      {problem && (
        <Banner tone="bad" live>
          {problem}
        </Banner>
      )}
      <ul>
        {accounts.map((account) => (
          <li key={account.key}>
            <button type="button" className="z-demo-person" onClick={() => void enter(account.key)}>
              <Person name={account.name} note={account.position} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
