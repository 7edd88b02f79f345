'use strict';

const root = document.currentScript.src;

// Shows the line that somebody wrote. When the server goes away, another one is asked a little later.
function listen() {
  const address = new URL('live', root);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  socket.addEventListener('message', (event) => {
    if (event.data === 'new') {
      document.getElementById('news').hidden = false;
    }
  });
  socket.addEventListener('close', () => setTimeout(listen, 2000));
}

listen();
