/** Where a gateway's services are. */

export type Service = "td" | "md";

const SCHEMES: Record<string, string> = { http: "ws", https: "wss", ws: "ws", wss: "wss" };
const ADDRESS = /^(?:(\w+):\/\/)?([^/?#\s]*[^/?#\s:])((?:\/[^?#\s]*)?)(\?[^#\s]*)?$/;

/**
 * Return the addresses of `td` and `md`.
 *
 * @param url `ws://HOST:PORT`; one that ends with `/td/` or `/md/` is of that service.
 * @param mdUrl where market data is, if it is served elsewhere.
 * @throws RangeError for what is no address, with the remedy.
 */
export function services(url: string, mdUrl: string = url): Record<Service, string> {
  return { td: service(url, "td"), md: service(mdUrl, "md") };
}

function service(url: string, name: Service): string {
  const [, scheme = "ws", host, path = "", query = ""] = ADDRESS.exec(url) ?? [];
  const found = SCHEMES[scheme];
  if (found === undefined || host === undefined) {
    throw new RangeError(`${url} is no address of a gateway; it is like ws://127.0.0.1:8080`);
  }
  const place = path.replace(/\/+$/, "").replace(/\/(?:td|md)$/, "");
  return `${found}://${host}${place}/${name}/${query}`;
}
