#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, getenv("HOST"), &here.sin_addr);
    if (bind(s, (struct sockaddr *)&here, sizeof here) < 0) {
        perror("server2");
        return 1;
    }
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    char message[65535];
    ssize_t length = recvfrom(s, message, sizeof message, 0, (struct sockaddr *)&peer, &size);
    printf("%.*s from %s %d\n", (int)length, message, inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
    sendto(s, message, length, 0, (struct sockaddr *)&peer, size);
    close(s);
    return 0;
}
