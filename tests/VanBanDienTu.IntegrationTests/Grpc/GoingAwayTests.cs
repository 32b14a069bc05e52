using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>
/// A server that goes away with a request unanswered (GOAWAY whose last stream is none, RFC 9113 section 6.8). The HTTP handler repeats such a
/// request by itself on a new connection; the body that is gone must not become an empty one there.
/// </summary>
public sealed class GoingAwayTests
{
    [Fact]
    public async Task A_request_of_one_message_is_sent_again_whole()
    {
        var seen = 0;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (request, _) =>
            {
                Interlocked.Increment(ref seen);
                return Task.FromResult(new SimpleResponse { Payload = request.Payload });
            },
        });
        using var front = new LeavingServer(link.Address);
        using var channel = GrpcChannel.ForAddress(front.Address);
        var client = new TestService.TestServiceClient(channel);
        var request = new SimpleRequest { Payload = new Payload { Body = ByteString.CopyFromUtf8("công văn") } };

        Assert.Equal(request.Payload, (await client.UnaryCallAsync(request)).Payload);
        Assert.Equal((1, 2), (seen, front.Connections));
    }

    /// <summary>So a server that is stopping greets a connection that it has just accepted: with GOAWAY in place of its settings.</summary>
    [Fact]
    public async Task A_server_that_leaves_before_it_speaks_can_be_called_again()
    {
        await using var link = await Link.StartAsync(new Behaviour { Unary = (request, _) => Task.FromResult(new SimpleResponse { Payload = request.Payload }) });
        using var front = new LeavingServer(link.Address, silent: true);
        using var channel = GrpcChannel.ForAddress(front.Address);
        var client = new TestService.TestServiceClient(channel);
        var request = new SimpleRequest { Payload = new Payload { Body = ByteString.CopyFromUtf8("công văn") } };

        await InteropCases.FailsAsync(StatusCode.Unavailable, client.UnaryCallAsync(request).ResponseAsync);
        Assert.Equal(request.Payload, (await client.UnaryCallAsync(request)).Payload);
    }

    [Fact]
    public async Task A_stream_that_was_sent_is_the_callers_to_repeat()
    {
        var seen = 0;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Input = async (requests, _) =>
            {
                var size = 0;
                await foreach (var part in requests.ReadAllAsync()) size += part.Payload.Body.Length;
                Interlocked.Increment(ref seen); // whole; that it began and broke off says nothing false
                return new StreamingInputCallResponse { AggregatedPayloadSize = size };
            },
        });
        using var front = new LeavingServer(link.Address);
        using var channel = GrpcChannel.ForAddress(front.Address);
        var client = new TestService.TestServiceClient(channel);

        await InteropCases.FailsAsync(StatusCode.Unavailable, SendAsync());
        Assert.Equal(0, seen);
        Assert.Equal(7, (await SendAsync()).AggregatedPayloadSize);
        Assert.Equal(2, front.Connections);

        async Task<StreamingInputCallResponse> SendAsync()
        {
            using var call = client.StreamingInputCall();
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = new Payload { Body = ByteString.CopyFromUtf8("đến ") } });
            await call.RequestStream.CompleteAsync();
            return await call.ResponseAsync;
        }
    }

    /// <summary>Leaves its first connection when a whole request is there, or at once; joins every later one to a real server.</summary>
    private sealed class LeavingServer : IDisposable
    {
        private const byte Data = 0;
        private const byte EndStream = 1;
        private static readonly byte[] NoSettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]; // last stream 0, NO_ERROR
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        /// <param name="silent">Leaves when the connection has begun, without settings or a request read.</param>
        public LeavingServer(Uri later, bool silent = false)
        {
            listener.Start();
            _ = ServeAsync(later, silent);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        public int Connections { get; private set; }

        public void Dispose() => listener.Dispose();

        private async Task ServeAsync(Uri later, bool silent)
        {
            try
            {
                using (var first = await AcceptAsync())
                    await LeaveAsync(first.GetStream(), silent);
                while (true)
                    _ = JoinAsync(await AcceptAsync(), later);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test has ended.
            }
        }

        private async Task<TcpClient> AcceptAsync()
        {
            var accepted = await listener.AcceptTcpClientAsync();
            Connections++;
            return accepted;
        }

        private static async Task LeaveAsync(NetworkStream stream, bool silent)
        {
            if (!silent) await stream.WriteAsync(NoSettings);
            await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length]);
            var head = new byte[9];
            while (!silent)
            {
                await stream.ReadExactlyAsync(head);
                var size = BinaryPrimitives.ReadInt32BigEndian(head) >> 8;
                await stream.ReadExactlyAsync(new byte[size]);
                if (head[3] == Data && (head[4] & EndStream) > 0) break;
            }
            await stream.WriteAsync(GoAway);
        }

        private static async Task JoinAsync(TcpClient client, Uri server)
        {
            using var there = new TcpClient();
            using (client)
            {
                await there.ConnectAsync(server.Host, server.Port);
                await Task.WhenAny(client.GetStream().CopyToAsync(there.GetStream()), there.GetStream().CopyToAsync(client.GetStream()));
            }
        }
    }
}
