/** Signing in, people, bodies, the audit. */
export { AuditPage } from "./AuditPage";
export { BodiesPage } from "./BodiesPage";
export { MustChangePasswordPage } from "./MustChangePasswordPage";
export { PeoplePage } from "./PeoplePage";
export { ProfilePage } from "./ProfilePage";
export { SignInPage } from "./SignInPage";
