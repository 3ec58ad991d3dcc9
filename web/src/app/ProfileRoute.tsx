import { ProfilePage } from "../people";
import { setPreferences, usePreferences } from "./preferences";

/** The profile page is a feature; what a browser remembers belongs to the app and is handed in. */
export function ProfileRoute() {
  return <ProfilePage preferences={usePreferences()} onChange={setPreferences} />;
}
