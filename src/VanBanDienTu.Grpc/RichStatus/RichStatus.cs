using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Framing;
using RpcStatus = Google.Rpc.Status;

namespace Grpc.Core
{
    /// <summary>The richer error model: a google.rpc.Status beside the plain one, in <c>grpc-status-details-bin</c>.</summary>
    public static class RpcExceptionExtensions
    {
        /// <summary>The details that came with the exception, or null.</summary>
        /// <param name="ignoreParseError">Whether details that are no google.rpc.Status count as none.</param>
        public static RpcStatus? GetRpcStatus(this RpcException ex, bool ignoreParseError = false)
        {
            ArgumentNullException.ThrowIfNull(ex);
            return ex.Trailers.GetRpcStatus(ignoreParseError);
        }
    }

    /// <summary>The richer error model in metadata.</summary>
    public static class MetadataExtensions
    {
        public static RpcStatus? GetRpcStatus(this Metadata headers, bool ignoreParseError = false)
        {
            ArgumentNullException.ThrowIfNull(headers);
            if (headers.Get(HeaderNames.StatusDetails) is not { } entry)
                return null;
            try
            {
                return RpcStatus.Parser.ParseFrom(entry.ValueBytes);
            }
            catch (InvalidProtocolBufferException) when (ignoreParseError)
            {
                return null;
            }
        }

        public static void SetRpcStatus(this Metadata metadata, RpcStatus status)
        {
            ArgumentNullException.ThrowIfNull(metadata);
            ArgumentNullException.ThrowIfNull(status);
            metadata.Add(HeaderNames.StatusDetails, status.ToByteArray());
        }
    }
}

namespace Google.Rpc
{
    /// <summary>From a google.rpc.Status to an exception, and into its details.</summary>
    public static class RpcStatusExtensions
    {
        /// <summary>An exception that carries code, message and every detail to the client.</summary>
        public static Grpc.Core.RpcException ToRpcException(this Status status)
        {
            ArgumentNullException.ThrowIfNull(status);
            return status.ToRpcException((Grpc.Core.StatusCode)status.Code, status.Message);
        }

        /// <summary>The same details under another code and message.</summary>
        public static Grpc.Core.RpcException ToRpcException(this Status status, Grpc.Core.StatusCode statusCode, string message)
        {
            ArgumentNullException.ThrowIfNull(status);
            var metadata = new Grpc.Core.Metadata();
            Grpc.Core.MetadataExtensions.SetRpcStatus(metadata, status);
            return new Grpc.Core.RpcException(new Grpc.Core.Status(statusCode, message), metadata);
        }

        /// <summary>The first detail of this type, or null.</summary>
        public static T? GetDetail<T>(this Status status) where T : class, IMessage<T>, new()
        {
            ArgumentNullException.ThrowIfNull(status);
            var wanted = new T().Descriptor.FullName;
            return status.Details.FirstOrDefault(any => Any.GetTypeName(any.TypeUrl) == wanted)?.Unpack<T>();
        }
    }
}
