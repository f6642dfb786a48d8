// What happens at this till, over a WebSocket that comes back by itself and resumes where it was.

const kFirstPause = 250;
const kLongestPause = 10000;

export class Events {
  // onMessage(message) in order; onLink('open' | 'lost').
  constructor(onMessage, onLink) {
    this.onMessage = onMessage;
    this.onLink = onLink;
    this.lastId = 0;
    this.pause = kFirstPause;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/v1/events?after=${this.lastId}`);
    socket.onopen = () => {
      this.pause = kFirstPause;
      this.onLink('open');
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      this.lastId = message.id;
      this.onMessage(message);
    };
    socket.onclose = () => {
      this.onLink('lost');
      setTimeout(() => this.connect(), this.pause * (0.5 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, kLongestPause);
    };
  }
}
