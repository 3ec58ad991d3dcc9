/** A demo account is named by the part of its address before the @. */
export function demoKeyOf(email: string): string {
  return email.split("@")[0] ?? email;
}
