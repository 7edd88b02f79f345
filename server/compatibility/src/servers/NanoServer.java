import fi.iki.elonen.NanoHTTPD;

final class NanoServer extends NanoHTTPD {
    private NanoServer(int port) {
        super(port);
    }

    @Override
    public Response serve(IHTTPSession session) {
        return newFixedLengthResponse(Answers.any(session.getUri(), session.getQueryParameterString()));
    }

    public static void main(String[] args) throws Exception {
        new NanoServer(Answers.port()).start(60_000, false);
    }
}
