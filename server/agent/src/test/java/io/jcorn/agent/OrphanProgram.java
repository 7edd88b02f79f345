package io.jcorn.agent;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process with an agent in it, whose main thread is stuck for ever. */
final class OrphanProgram {

    private OrphanProgram() {}

    public static void main(String[] arguments) throws Exception {
        Inheritance inheritance = new Inheritance(Path.of(arguments[0]), Path.of(arguments[1]));
        Agent agent = Agent.start(inheritance.handover(), Log.toStandardError(LogLevel.INFO));
        if (arguments[2].equals("broken")) {
            agent.assign(new RecordedDuties() {
                @Override
                public void masterDied() {
                    throw new IllegalStateException("broken");
                }
            });
        }
        System.out.println(inheritance.port());
        new CountDownLatch(1).await();
    }
}
