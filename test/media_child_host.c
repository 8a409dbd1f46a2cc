/* A program that can only be a media child: what door tests start instead of storyreel. */
#include "media/media_start.h"

int main(void)
{
    return media_child_start();
}
