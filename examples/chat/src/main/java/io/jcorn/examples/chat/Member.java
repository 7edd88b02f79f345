package io.jcorn.examples.chat;

import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Somebody in the room. What he is told waits until the line before has left; who does not listen for too long is out. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails is told to whenComplete.
final class Member implements WebSocket.Listener {

    private static final int PATIENCE = 1000;

    private final Set<Member> room;
    private final StringBuilder said = new StringBuilder();
    private final Queue<String> untold = new ArrayDeque<>();
    private WebSocket socket;
    private boolean telling;

    Member(Set<Member> room) {
        this.room = room;
    }

    @Override
    public void onOpen(WebSocket socket) {
        this.socket = socket;
        room.add(this);
        tell("There are " + room.size() + " in the room, served by process "
                + ProcessHandle.current().pid() + ".");
        socket.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        said.append(part);
        if (last) {
            String line = said.toString();
            said.setLength(0);
            room.forEach(member -> member.tell(line));
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        room.remove(this);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        room.remove(this);
    }

    private void tell(String line) {
        synchronized (untold) {
            if (untold.size() >= PATIENCE) {
                room.remove(this);
                socket.abort();
                return;
            }
            untold.add(line);
            if (telling) {
                return;
            }
            telling = true;
        }
        tellNext();
    }

    private void tellNext() {
        String line;
        synchronized (untold) {
            line = untold.poll();
            telling = line != null;
        }
        if (line != null) {
            socket.sendText(line, true).whenComplete((sent, failure) -> {
                if (failure == null) {
                    tellNext();
                } else {
                    room.remove(this);
                }
            });
        }
    }
}
