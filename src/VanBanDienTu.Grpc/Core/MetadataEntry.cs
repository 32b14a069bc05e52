using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with a text or, under a <c>-bin</c> key, with bytes.</summary>
    public sealed class Entry
    {
        private readonly string? text;
        private readonly byte[]? bytes;

        /// <summary>A text entry; the key must not end in <c>-bin</c>.</summary>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (HasBinarySuffix(Key))
                throw new ArgumentException($"The metadata key '{key}' ends in -bin: give its value as bytes.", nameof(key));
            text = value;
        }

        /// <summary>A binary entry; the key must end in <c>-bin</c>. The bytes are not copied.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!HasBinarySuffix(Key))
                throw new ArgumentException($"The metadata key '{key}' carries bytes: its name must end in -bin.", nameof(key));
            bytes = valueBytes;
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            this.text = text;
            this.bytes = bytes;
        }

        /// <summary>Always lower case.</summary>
        public string Key { get; }

        public bool IsBinary => bytes is not null;

        /// <summary>The text. Of a binary entry there is none.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => text ?? throw new InvalidOperationException($"The metadata entry '{Key}' is binary: read ValueBytes.");

        /// <summary>The bytes; a text entry gives its ASCII bytes.</summary>
        public byte[] ValueBytes => bytes ?? Encoding.ASCII.GetBytes(text!);

        public override string ToString() => IsBinary ? $"[Entry: key={Key}, {bytes!.Length} bytes]" : $"[Entry: key={Key}, value={text}]";

        internal static bool HasBinarySuffix(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        /// <summary>An entry that came over the wire: its key was already a valid header name there.</summary>
        internal static Entry Received(string key, string value) => new(key.ToLowerInvariant(), value, null);

        internal static Entry Received(string key, byte[] value) => new(key.ToLowerInvariant(), null, value);

        private static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            var lower = key.ToLowerInvariant();
            foreach (var c in lower)
            {
                if (!(c is >= 'a' and <= 'z' or >= '0' and <= '9' or '_' or '-' or '.'))
                    throw new ArgumentException($"The metadata key '{key}' may only hold letters, digits, '_', '-' and '.'.", nameof(key));
            }

            return lower;
        }
    }
}
