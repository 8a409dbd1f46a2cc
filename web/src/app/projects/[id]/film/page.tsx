import { Film } from '@/features/film/film';

export default function Page() { return <Film />; }
