import createClient from "openapi-fetch";
import { session } from "~/auth/session";
import { ApiProblem } from "./problem";
import { problemWordsSoon } from "./problemWords";
import type { paths } from "./schema";

/** The API, typed by docs/openapi.json. Its calls go through `answer`, which throws problems. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: session.fetch });

interface Called<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; anything but a success is thrown as an `ApiProblem`. */
export async function answer<T>(call: Promise<Called<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    await problemWordsSoon();
    throw ApiProblem.of(response, error);
  }
  return data as T;
}
