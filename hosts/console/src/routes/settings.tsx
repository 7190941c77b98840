import { SettingsForm } from "~/settings/SettingsForm";
import { useSettings } from "~/settings/useSettings";
import { Loaded } from "~/ui/Loaded";
import { Permitted } from "~/ui/Permitted";

export function Screen() {
  return (
    <Permitted permission="settings:manage">
      <Settings />
    </Permitted>
  );
}

function Settings() {
  const query = useSettings();
  return (
    <Loaded query={query} rows={6}>
      {({ settings, version }) => <SettingsForm key={version} stored={settings} version={version} />}
    </Loaded>
  );
}
