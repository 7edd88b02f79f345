package io.jcorn.worker.tls;

import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/** A key manager in the wrapping that Netty takes it in. */
final class IdentityFactory extends KeyManagerFactory {

    IdentityFactory(KeyManager manager) {
        super(new Spi(manager), new Wrapping(), "jcorn");
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final KeyManager manager;

        Spi(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
            // It has its keys.
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // It has its keys.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }

    private static final class Wrapping extends Provider {
        private static final long serialVersionUID = 1;

        Wrapping() {
            super("jcorn", "1", "the server's certificates");
        }
    }
}
