/** A browser as people call it; the rest of what it says of itself is of no use to them. */
export function browserName(userAgent: string): string {
  const name =
    [
      ["Edg", "Edge"],
      ["Firefox", "Firefox"],
      ["Chrome", "Chrome"],
      ["Safari", "Safari"],
    ].find(([mark]) => userAgent.includes(mark!))?.[1] ?? "Navigateur";
  const system = [
    ["Windows", "Windows"],
    ["Android", "Android"],
    ["iPhone", "iPhone"],
    ["Mac OS", "macOS"],
    ["Linux", "Linux"],
  ].find(([mark]) => userAgent.includes(mark!))?.[1];
  return system ? `${name} sur ${system}` : name;
}
