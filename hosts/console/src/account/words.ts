import { catalogue } from "~/i18n/catalogue";

export const accountMessages = catalogue({
  en: { title: "Your account", at: (role: string, shop: string) => `${role} at ${shop}` },
  th: { title: "บัญชีของคุณ", at: (role: string, shop: string) => `${role} ที่ ${shop}` },
});
