/* Serves its client, and then writes to where nothing is. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, getenv("HOST"), &own.sin_addr);
    if (bind(s, (struct sockaddr *)&own, sizeof own) < 0 || listen(s, 1) < 0) return 1;
    close(accept(s, NULL, NULL));
    volatile int *nowhere = NULL;
    *nowhere = 1;
    return 0;
}
