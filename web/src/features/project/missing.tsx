import { LinkButton } from '@/ui/button';
import { Mark } from '@/ui/shell';
import { EmptyState } from '@/ui/state';

export function NoProject() {
  return <EmptyState picture={<Mark className="size-14" />} title="This project is not here" action={<LinkButton href="/">To the projects</LinkButton>}>It does not exist, or it was deleted.</EmptyState>;
}
