import { Activity } from '@/features/activity/activity';

export default function Page() { return <Activity />; }
