import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A server without a library: a thread for each connection. */
final class NioServer {
    public static void main(String[] args) throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(Answers.port()));
        while (true) {
            SocketChannel accepted = listener.accept();
            new Thread(() -> serve(accepted.socket())).start();
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String target = line.split(" ")[1];
                boolean close = false;
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    close |= header.equalsIgnoreCase("Connection: close");
                }
                String body = Answers.any(target, Answers.query(target));
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length()
                        + (close ? "\r\nConnection: close" : "") + "\r\n\r\n" + body).getBytes());
                if (close) {
                    return;
                }
            }
        } catch (Exception e) {
            // The client is gone.
        }
    }
}
