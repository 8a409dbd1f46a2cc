import { NewProject } from '@/features/new/new-project';

export default function Page() { return <NewProject />; }
