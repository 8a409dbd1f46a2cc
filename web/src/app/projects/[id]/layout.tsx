// One page serves all projects: the server answers /projects/<any>/ with it, and the id is read from the address.
export const dynamicParams = false;
export function generateStaticParams() { return [{ id: '_' }]; }
export default function Layout({ children }: { children: React.ReactNode }) { return children; }
