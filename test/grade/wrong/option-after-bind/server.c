/* The option is set, and too late: bind(2) has looked already. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, getenv("HOST"), &here.sin_addr);
    if (bind(s, (struct sockaddr *)&here, sizeof here) < 0) {
        perror("bind");
        return 1;
    }
    setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    listen(s, 5);
    close(accept(s, NULL, NULL));
    return 0;
}
