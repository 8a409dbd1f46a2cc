import { Projects } from '@/features/projects/projects';

export default function Page() { return <Projects />; }
