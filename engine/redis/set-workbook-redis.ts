/** The command that sets WORKBOOK_REDIS in the shell of this system; the workbook's own command is typed after it. */
export function setWorkbookRedis(
  value: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === "win32"
    ? `$env:WORKBOOK_REDIS = "${value}"`
    : `export WORKBOOK_REDIS=${value}`;
}

/** The command that forgets it again. */
export function unsetWorkbookRedis(platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? "Remove-Item Env:WORKBOOK_REDIS" : "unset WORKBOOK_REDIS";
}
